import { loadConfig, withoutPassword } from '../config/config.ts';
import { compact } from '../maintenance.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';
import { quietEnvironment } from './quiet-environment.ts';

type Result = Awaited<ReturnType<typeof compact>> & { readonly database: string };

/** `telltale compact`: gives back the space of removed data. */
export const compactCommand = defineCommand({
  meta: {
    name: 'compact',
    description:
      'Free the disk space of removed data. SQLite: stop the server first. PostgreSQL: servers may keep ' +
      'running.',
  },
  args: JSON_ARGUMENT,
  examples: [['telltale compact', 'Free the space, with the server stopped']],
  async run({ args }) {
    const config = loadConfig(quietEnvironment());
    const progress = createProgress('Compacting', process.stderr, Date.now);
    const done = await compact(config, progress.update).finally(progress.finish);
    printResult({ database: withoutPassword(config.databaseUrl), ...done }, { json: args.json, render });
  },
});

function render({ database, before, after, notes, columns }: Result): string {
  const copy = typeof columns === 'string' ? columns : `The columnar copy: ${sizes(columns)}`;
  return [`${database}: ${sizes({ before, after })}`, copy, ...notes, ''].join('\n');
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const sizes = ({ before, after }: { readonly before: number; readonly after: number }): string =>
  `${mb(before)} before, ${mb(after)} now`;

import { loadConfig, withoutPassword } from '../config/config.ts';
import { type OpenServices, openServices } from '../services.ts';
import { confirmAs } from './confirm.ts';
import { withClearFailures } from './failures.ts';
import { defineCommand } from './program/define-command.ts';

type Removal = Awaited<ReturnType<OpenServices['services']['retention']['run']>>[number];

/** `telltale retention`: removes expired events now, with or without a running server. */
export const retention = defineCommand({
  meta: {
    name: 'retention',
    description: 'Remove rows and rollup cells that have expired. See docs/retention.md.',
  },
  args: {
    'dry-run': { type: 'boolean', description: 'Only count what would be removed', default: false },
    yes: { type: 'boolean', description: 'Remove without asking', default: false },
  },
  examples: [
    ['telltale retention --dry-run', 'Count what has expired, and remove nothing'],
    ['telltale retention --yes', 'Remove it, such as from a timer'],
  ],
  run: ({ args }) =>
    withClearFailures(async () => {
      const dryRun = args['dry-run'];
      const confirm = confirmAs(process, {
        isConfirmed: dryRun || args.yes,
        otherwise:
          'retention removes data for good: add --yes, or --dry-run to only count what would be removed.',
      });
      const config = loadConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn' });
      const opened = await openServices(config);
      const database = withoutPassword(config.databaseUrl);
      const run = async (only: { readonly dryRun: boolean }): Promise<string> =>
        renderRemovals(await opened.services.retention.run(only), only.dryRun, database);
      try {
        // Rows stay until the cells are made that are to outlive them.
        await opened.rollups.run();
        const isMeant = await confirm(async () => `${await run({ dryRun: true })}Remove it for good?`);
        process.stdout.write(isMeant ? await run({ dryRun }) : 'Nothing was removed.\n');
      } finally {
        await opened.close();
      }
    }),
});

/** Renders one line per dataset. */
export function renderRemovals(removals: readonly Removal[], dryRun: boolean, database: string): string {
  const number = (count: number): string => count.toLocaleString('en-US');
  const width = Math.max(...removals.map(({ dataset }) => dataset.length));
  const lines = removals.map(
    ({ dataset, rows, cells }) =>
      `  ${dataset.padEnd(width)}  ${number(rows).padStart(13)} rows  ${number(cells).padStart(13)} cells\n`,
  );
  return `${dryRun ? 'Would be removed' : 'Removed'} from ${database}:\n${lines.join('')}`;
}

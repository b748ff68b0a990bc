import { loadConfig, withoutPassword } from '../../config/config.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { JSON_ARGUMENT, printResult } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { createProgress } from '../progress.ts';
import { quietEnvironment } from '../quiet-environment.ts';
import { stoppableBySignal } from '../stoppable.ts';
import { renderReport } from '../verify.ts';
import { openMigrated } from './open-migrated.ts';

/** `telltale rollups verify`: folds all rows again, and compares the result with the cells. */
export const verifyRollupsCommand = defineCommand({
  meta: {
    name: 'verify',
    description: 'Compare all totals with the rows, with or without a running server. Only reads.',
  },
  args: JSON_ARGUMENT,
  examples: [['telltale rollups verify', 'Compare totals with rows: exit code 5 if they differ']],
  async run({ args }) {
    const config = loadConfig(quietEnvironment());
    const { integrity, close } = await openMigrated(config);
    const progress = createProgress('Verifying', process.stderr, Date.now);
    try {
      const report = await stoppableBySignal((signal) =>
        integrity
          .check({ mode: 'FULL', only: ['ROLLUPS'], signal, onProgress: progress.update })
          .finally(progress.finish),
      );
      const database = withoutPassword(config.databaseUrl);
      printResult({ database, ...report }, { json: args.json, render: renderReport });
      if (report.checks.some(({ found }) => found > 0)) process.exitCode = EXIT_CODES.problems;
    } finally {
      await close();
    }
  },
});

import { loadConfig, withoutPassword } from '../config/config.ts';
import type { CheckName } from '../core/integrity-checks.ts';
import { type Maintenance, openForMaintenance } from '../maintenance.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';
import { quietEnvironment } from './quiet-environment.ts';
import { stoppableBySignal } from './stoppable.ts';

type Report = Awaited<ReturnType<Maintenance['integrity']['check']>>;

/** `telltale verify`: checks that the stored data is in order, with or without a running server. */
export const verify = defineCommand({
  meta: {
    name: 'verify',
    description:
      'Check that the stored data is in order, with or without a running server. See docs/integrity.md.',
  },
  args: {
    full: { type: 'boolean', description: 'Read everything, which takes minutes', default: false },
    reindex: { type: 'string', description: 'Rebuild this damaged index first' },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale verify', 'Check the stored data in seconds'],
    [
      'telltale verify --full --json',
      'Read everything, for example in a monthly job: exit code 5 if something is wrong',
    ],
  ],
  async run({ args }) {
    const config = loadConfig(quietEnvironment());
    const maintenance = await openForMaintenance(config);
    try {
      if (args.reindex !== undefined) await maintenance.store.upkeep.reindex(args.reindex);
      const report = await stoppableBySignal((signal) =>
        check(maintenance, { mode: args.full ? 'FULL' : 'QUICK', signal }),
      );
      const database = withoutPassword(config.databaseUrl);
      printResult({ database, ...report }, { json: args.json, render: renderReport });
      if (report.checks.some(({ found }) => found > 0)) process.exitCode = EXIT_CODES.problems;
    } finally {
      await maintenance.close();
    }
  },
});

/** The check that is possible with an older schema or a damaged migration history. */
const ALWAYS: readonly CheckName[] = ['DATABASE'];

async function check(
  { integrity, missingMigrations }: Maintenance,
  options: { readonly mode: Report['mode']; readonly signal: AbortSignal },
): Promise<Report> {
  const isComplete = missingMigrations !== null && missingMigrations.length === 0;
  const progress = createProgress('Verifying', process.stderr, Date.now);
  const report = await integrity
    .check({ ...options, ...(!isComplete && { only: ALWAYS }), onProgress: progress.update })
    .finally(progress.finish);
  if (missingMigrations === null || isComplete) return report;
  const unchecked = `The database lacks ${missingMigrations.length} migrations of this version (telltale migrate): only its pages were checked.`;
  return {
    ...report,
    checks: report.checks.map((done) => ({ ...done, unchecked: [...done.unchecked, unchecked] })),
  };
}

/** One line per check, then the findings with advice. */
export function renderReport({ database, mode, checks }: Report & { readonly database: string }): string {
  const lines = checks.map(({ check: name, looked, found, durationMs }) => {
    const verdict = found === 0 ? 'in order' : `${found.toLocaleString('en')} found`;
    return `  ${name.padEnd(9)} ${verdict.padStart(12)}  ${looked.toLocaleString('en').padStart(13)} checked  ${(durationMs / 1000).toFixed(1)} s`;
  });
  const details = checks.flatMap(({ check: name, findings, found, unchecked }) => [
    ...findings.map(({ problem, advice }) => `${name}: ${problem}\n  → ${advice}`),
    ...(found > findings.length ? [`${name}: and ${found - findings.length} more.`] : []),
    ...unchecked.map((why) => `${name}: not checked: ${why}`),
  ]);
  return [`${mode === 'FULL' ? 'Full' : 'Quick'} check of ${database}:`, ...lines, ...details, ''].join('\n');
}

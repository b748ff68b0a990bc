import { requireAllProjects } from '../../../access/caller.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { CHECKS } from '../../../core/integrity-checks.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Integrity } from '../../../integrity/integrity.ts';
import type { CheckReport, Finding, IntegrityReport } from '../../../integrity/report.ts';

const RETRY_AFTER_MS = 5_000;

/** Adds `integrity`. */
export function addIntegrity(types: TypeRegistry): void {
  const { builder } = types;
  const checkName = builder.enumType('IntegrityCheckName', {
    description: 'A check of the stored data.',
    values: enumValues(CHECKS),
  });
  const finding = findingType(types);
  const check = builder.objectRef<CheckReport>('IntegrityCheck').implement({
    description: 'What one check found.',
    fields: (t) => ({
      check: t.expose('check', { type: checkName, description: 'The check.' }),
      looked: t.expose('looked', {
        type: 'SafeInt',
        description: 'Number of rows, cells or parts of the database that were checked.',
      }),
      found: t.expose('found', {
        type: 'SafeInt',
        description: 'Number of findings; 0 if everything is in order.',
      }),
      findings: t.field({
        type: [finding],
        description: 'The first 100 findings.',
        resolve: ({ findings }) => findings,
      }),
      unchecked: t.exposeStringList('unchecked', {
        description: 'What could not be checked, and why, in one sentence each.',
      }),
      durationMs: t.expose('durationMs', {
        type: 'SafeInt',
        description: 'How long the check took, in milliseconds.',
      }),
    }),
  });
  const report = builder.objectRef<IntegrityReport>('IntegrityReport').implement({
    description: 'The state of the stored data.',
    fields: (t) => ({
      isInOrder: t.boolean({
        description: 'True if nothing was found.',
        resolve: ({ checks }) => checks.every(({ found }) => found === 0),
      }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the checks began.' }),
      checks: t.field({
        type: [check],
        description: 'What each check found.',
        resolve: ({ checks }) => checks,
      }),
    }),
  });
  const runAlone = createAlone();
  builder.queryField('integrity', (t) =>
    t.field({
      authScopes: { admin: true },
      type: report,
      description:
        'Checks the database of all projects: its pages, rows that belong to nothing, values that ' +
        'are not allowed, totals against rows, and the columnar copy against rows. This quick form ' +
        'takes seconds for a million events: it checks the newest values and compares event counts ' +
        'per day. The full form, `telltale verify --full`, reads everything and can run while this ' +
        'server does. Only one check runs at a time; a second one fails with OVERLOADED. Needs a ' +
        'key for all projects. Example: `{ integrity { isInOrder checks { check found findings { ' +
        'problem advice } } } }`.',
      args: {
        checks: t.arg({ type: [checkName], description: 'Run only these checks. Default: all.' }),
      },
      resolve(_root, { checks }, { services, caller }) {
        requireAllProjects(caller, 'integrity');
        return runAlone(services.integrity, { mode: 'QUICK', ...(checks && { only: checks }) });
      },
    }),
  );
}

/** Runs one check at a time. A check reads a lot, so several at once would only be slower. */
function createAlone() {
  const running = new WeakSet<Integrity>();
  return async (
    integrity: Integrity,
    options: Parameters<Integrity['check']>[0],
  ): Promise<IntegrityReport> => {
    if (running.has(integrity)) {
      const details = { retryAfterMs: RETRY_AFTER_MS };
      throw new TelltaleError(
        'OVERLOADED',
        'Another check of the database is running: try again when it has ended.',
        details,
      );
    }
    running.add(integrity);
    try {
      return await integrity.check(options);
    } finally {
      running.delete(integrity);
    }
  };
}

function findingType({ builder }: TypeRegistry) {
  return builder.objectRef<Finding>('IntegrityFinding').implement({
    description: 'Something in the stored data that is not in order.',
    fields: (t) => ({
      subject: t.exposeString('subject', { description: 'The table, index or dataset.' }),
      projectId: t.exposeString('projectId', {
        nullable: true,
        description: 'The project; null if the finding does not concern a single project.',
      }),
      count: t.expose('count', {
        type: 'SafeInt',
        description: 'Number of affected rows, cells or pages, as far as they were counted.',
      }),
      problem: t.exposeString('problem', { description: 'What is wrong, in a sentence.' }),
      advice: t.exposeString('advice', { description: 'What to do, in a sentence.' }),
    }),
  });
}

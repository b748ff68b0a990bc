import { requireAllProjects } from '../../../access/caller.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkPageSize } from '../../../lists/page.ts';
import type { Removed, RetentionRun, RunStatus, StartedBy } from '../../../retention/runs.ts';

const DEFAULT_RUNS = 20;

interface Runs {
  readonly runs: readonly RetentionRun[];
  readonly next: number | null;
}

/** Adds `retentionRuns`. */
export function addRetentionRuns(types: TypeRegistry): void {
  const { builder } = types;
  const run = runType(types);
  const runs = builder.objectRef<Runs>('RetentionRuns').implement({
    description: 'The runs of retention on all instances, and the time of the next one.',
    fields: (t) => ({
      last: t.field({
        type: run,
        nullable: true,
        description: 'The newest run; null if there was none.',
        resolve: (all) => all.runs[0] ?? null,
      }),
      next: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When a server next runs retention: an hour after the last run. Null while it is running.',
        resolve: (all) => all.next,
      }),
      runs: t.field({
        type: [run],
        description: 'The most recent runs, newest first.',
        resolve: (all) => all.runs,
      }),
    }),
  });
  builder.queryField('retentionRuns', (t) =>
    t.field({
      authScopes: { admin: true },
      type: runs,
      description:
        'What each run of retention removed. A server runs retention at its start and every hour; ' +
        '`telltale retention` runs it by hand. The newest 500 runs are kept. Needs a key for all ' +
        'projects. Example: `{ retentionRuns { next last { status removed { dataset rows } } } }`.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_RUNS, description: 'Maximum number of runs, 1 to 500.' }),
      },
      extensions: costs(({ args }) => ({ rows: checkPageSize(args.first, 'first') ?? DEFAULT_RUNS })),
      async resolve(_root, { first }, { services, caller }) {
        requireAllProjects(caller, 'retentionRuns');
        const { newest, next } = services.retention.runs;
        const count = checkPageSize(first, 'first') ?? DEFAULT_RUNS;
        return { runs: await newest(count), next: await next() };
      },
    }),
  );
}

const STATUSES: Readonly<Record<RunStatus, string>> = {
  RUNNING: 'The run is in progress.',
  DONE: 'The run removed everything that had expired.',
  STOPPED: 'The process was asked to stop during the run. The next run continues its work.',
  FAILED: 'The run failed; see `error`. The next run continues its work.',
  INTERRUPTED: 'The run no longer reports: its process was killed. The next run continues its work.',
};

const STARTERS: Readonly<Record<StartedBy, string>> = {
  SERVER: 'A server started the run, at its start or after an hour.',
  COMMAND: 'A person or a job ran `telltale retention`.',
};

function runType({ builder }: TypeRegistry) {
  const status = builder.enumType('RetentionRunStatus', {
    description: 'The status of a run of retention.',
    values: enumValues(STATUSES),
  });
  const startedBy = builder.enumType('RetentionStarter', {
    description: 'Who started a run of retention.',
    values: enumValues(STARTERS),
  });
  const removed = builder.objectRef<Removed>('RetentionRemoved').implement({
    description: 'What a run removed from one dataset or one list.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset or the list, for example "llmCalls".' }),
      rows: t.expose('rows', { type: 'SafeInt', description: 'How many rows were removed.' }),
      archived: t.expose('archived', {
        type: 'SafeInt',
        description: 'How many of these rows the run archived first (RETENTION_ARCHIVE_DIR).',
      }),
      cells: t.expose('cells', { type: 'SafeInt', description: 'How many rollup cells were removed.' }),
    }),
  });
  return builder.objectRef<RetentionRun>('RetentionRun').implement({
    description: 'One run of retention.',
    fields: (t) => ({
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the run ended; null while it is running, and if it was interrupted.',
      }),
      durationMs: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The duration of the run, in milliseconds.',
        resolve: ({ startedAt, endedAt }) => endedAt && endedAt.getTime() - startedAt.getTime(),
      }),
      startedBy: t.expose('startedBy', { type: startedBy, description: 'Who started the run.' }),
      status: t.expose('status', { type: status, description: 'The status of the run.' }),
      removed: t.field({
        type: [removed],
        description: 'What the run removed, in all projects; while it is running, the last known state.',
        resolve: (run) => run.removed,
      }),
      error: t.exposeString('error', {
        nullable: true,
        description: 'Why the run failed; null if it did not.',
      }),
    }),
  });
}

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
    description: 'What retention did, on all instances, and when it runs next.',
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
        description: 'When a server runs it next: an hour after the last run. Null while it runs.',
        resolve: (all) => all.next,
      }),
      runs: t.field({
        type: [run],
        description: 'The newest runs, the newest first.',
        resolve: (all) => all.runs,
      }),
    }),
  });
  builder.queryField('retentionRuns', (t) =>
    t.field({
      authScopes: { admin: true },
      type: runs,
      description:
        'What retention removed, run by run. A server runs it at its start and every hour, and `telltale ' +
        'retention` by hand. The newest 500 runs are kept. Needs a key for all projects. Example: ' +
        '`{ retentionRuns { next last { status removed { dataset rows } } } }`.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_RUNS, description: 'How many runs, from 1 to 500.' }),
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
  RUNNING: 'It is removing.',
  DONE: 'It removed everything that had expired.',
  STOPPED: 'Its process was told to stop. The next run continues.',
  FAILED: 'It failed; see `error`. The next run continues.',
  INTERRUPTED: 'It says nothing any more: its process was killed. The next run continues.',
};

const STARTERS: Readonly<Record<StartedBy, string>> = {
  SERVER: 'A server, at its start or after an hour.',
  COMMAND: 'A person or a job, by `telltale retention`.',
};

function runType({ builder }: TypeRegistry) {
  const status = builder.enumType('RetentionRunStatus', {
    description: 'How a run of retention ended.',
    values: enumValues(STATUSES),
  });
  const startedBy = builder.enumType('RetentionStarter', {
    description: 'Who started a run of retention.',
    values: enumValues(STARTERS),
  });
  const removed = builder.objectRef<Removed>('RetentionRemoved').implement({
    description: 'How much a run removed of one dataset, or of one kind of states.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset or the list, for example "llmCalls".' }),
      rows: t.expose('rows', { type: 'SafeInt', description: 'How many rows were removed.' }),
      archived: t.expose('archived', {
        type: 'SafeInt',
        description: 'How many of the rows this run archived first (RETENTION_ARCHIVE_DIR).',
      }),
      cells: t.expose('cells', { type: 'SafeInt', description: 'How many cells of totals were removed.' }),
    }),
  });
  return builder.objectRef<RetentionRun>('RetentionRun').implement({
    description: 'One run of retention.',
    fields: (t) => ({
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null while it runs, and if it was interrupted.',
      }),
      durationMs: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'How long it took, in milliseconds.',
        resolve: ({ startedAt, endedAt }) => endedAt && endedAt.getTime() - startedAt.getTime(),
      }),
      startedBy: t.expose('startedBy', { type: startedBy, description: 'Who started it.' }),
      status: t.expose('status', { type: status, description: 'How it ended.' }),
      removed: t.field({
        type: [removed],
        description: 'What it removed, of all projects; while it runs, what was noted last.',
        resolve: (run) => run.removed,
      }),
      error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
    }),
  });
}

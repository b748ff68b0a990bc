import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { DEFAULT_ROW_DAYS } from '../core/dataset/retention.ts';
import { createIdSource } from '../core/ids.ts';
import { spanOfRows } from '../rollups/stored-rows.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import type { RowArchive } from './archive.ts';
import type { ExpiringStates } from './expiring-states.ts';
import { createPolicies, type Policies } from './policies.ts';
import { type Removal, type RunContext, type RunOptions, runRetention } from './run.ts';
import { createRetentionRuns, type RetentionRuns, type StartedBy } from './runs.ts';

/** What would be removed of a dataset or of a kind of states. */
export interface Preview extends Removal {
  /**
   * The space of the rows, their share of the indexes, and the cells, by the average of the whole
   * table. The database reuses that space; `telltale compact` gives it back.
   */
  readonly bytes: number;
}

/** How long recorded data is kept, and its removal. */
export interface Retention {
  readonly policies: Policies;
  /**
   * Removes now what the policies no longer keep: rows whose timestamp and receipt are both that
   * many days ago, and cells of each grain. So a late or imported event stays as long as a new one.
   * Cells that still cover its day count it for as long as they stay. Also removes states that have
   * been over for RETENTION_DAYS, or 90 days.
   */
  run(options?: RunOptions & { readonly startedBy?: StartedBy }): Promise<readonly Removal[]>;
  /** What `run` would remove now, and about how many bytes it takes in the database. */
  preview(): Promise<readonly Preview[]>;
  readonly runs: RetentionRuns;
  /** Epoch milliseconds; null if the project has no rows in the dataset. */
  oldestRow(projectId: string, dataset: Dataset): Promise<number | null>;
  /**
   * The instant from which rows are complete, in epoch milliseconds; null if none were ever
   * removed.
   */
  rowsSince(projectId: string, dataset: Dataset): Promise<number | null>;
}

export interface RetentionOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma' | 'upkeep' | 'reading'>;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
  /** Keeps rows before they are removed. Default: none are kept. */
  readonly archive?: RowArchive;
  /**
   * Whether rows before the instant must be changed before they are removed. Default: none must.
   */
  readonly isAwaited?: RunContext['isAwaited'];
  /** Default: no states are removed. */
  readonly states?: readonly ExpiringStates[];
  /** RETENTION_DAYS; null: not set. */
  readonly retentionDays: number | null;
  /** Rows or cells per transaction. Default: 2,000. */
  readonly batchSize?: number;
}

export function createRetention(options: RetentionOptions): Retention {
  const { store, clock, datasets, states = [], retentionDays, batchSize } = options;
  const policies = createPolicies(options);
  const runs = createRetentionRuns({ store, clock, ids: createIdSource(clock) });
  const stateDays = retentionDays ?? DEFAULT_ROW_DAYS;
  const context = {
    store,
    policies,
    datasets,
    states,
    stateDays,
    ...(batchSize !== undefined && { batchSize }),
    ...(options.archive && { archive: options.archive }),
    ...(options.isAwaited && { isAwaited: options.isAwaited }),
  };
  return {
    policies,
    runs,
    run({ startedBy = 'COMMAND', ...how } = {}) {
      const now = clock.now();
      if (how.dryRun) return runRetention({ ...context, now }, how);
      return runs.note(startedBy, async (onBatch) => ({
        removals: await runRetention({ ...context, now, onBatch }, how),
        isStopped: how.signal?.aborted ?? false,
      }));
    },
    async preview() {
      const removals = await runRetention({ ...context, now: clock.now() }, { dryRun: true });
      const bytesOf = await averageBytes(options);
      return removals.map((removal) => ({
        ...removal,
        bytes: Math.round(removal.rows * bytesOf(removal.dataset) + removal.cells * bytesOf(CELLS)),
      }));
    },
    oldestRow: async (projectId, dataset) =>
      (await spanOfRows(store.query, dataset, projectId))?.first ?? null,
    async rowsSince(projectId, dataset) {
      const { rows } = await readHorizons(store.query, projectId, dataset);
      return Number.isFinite(rows) ? rows : null;
    },
  };
}

/** Stands for the table of cells among the names of datasets and states. */
const CELLS = '';
const TABLE_OF_CELLS = 'rollup_cells';

/** The average bytes per row, with its indexes, in the table of each dataset and kind of states. */
async function averageBytes({
  store,
  datasets,
  states = [],
}: RetentionOptions): Promise<(name: string) => number> {
  const scope = { kind: 'APART', meter: null } as const;
  const sizes = await store.reading(scope, () => store.upkeep.sizes('FULL'));
  const tables = new Map([...datasets, ...states].map(({ name, table }) => [name, table]));
  const average = new Map(
    sizes.map(({ table, rows, bytes, indexes }) => {
      const all = indexes.reduce((sum, index) => sum + (index.bytes ?? 0), bytes ?? 0);
      return [table, rows === 0 ? 0 : all / rows];
    }),
  );
  return (name) => average.get(name === CELLS ? TABLE_OF_CELLS : (tables.get(name) ?? '')) ?? 0;
}

import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { DEFAULT_ROW_DAYS } from '../core/dataset/retention.ts';
import { spanOfRows } from '../rollups/stored-rows.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import type { ExpiringStates } from './expiring-states.ts';
import { createPolicies, type Policies } from './policies.ts';
import { type Removal, type RunOptions, runRetention } from './run.ts';

/** How long recorded data is kept, and its removal. */
export interface Retention {
  readonly policies: Policies;
  /**
   * Removes now what the policies no longer keep: rows whose timestamp and receipt are both that
   * many days ago, and cells of each grain. A late or imported event thus stays as long as a new
   * one; cells that still cover its day count it for as long as they stay. Also removes states that
   * have been over for RETENTION_DAYS, or 90 days.
   */
  run(options?: RunOptions): Promise<readonly Removal[]>;
  /** Epoch milliseconds; null if the project has no rows in the dataset. */
  oldestRow(projectId: string, dataset: Dataset): Promise<number | null>;
  /** From when rows are complete, in epoch milliseconds; null if none were ever removed. */
  rowsSince(projectId: string, dataset: Dataset): Promise<number | null>;
}

export interface RetentionOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma'>;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
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
  const stateDays = retentionDays ?? DEFAULT_ROW_DAYS;
  const context = {
    store,
    policies,
    datasets,
    states,
    stateDays,
    ...(batchSize !== undefined && { batchSize }),
  };
  return {
    policies,
    run: (how) => runRetention({ ...context, now: clock.now() }, how),
    oldestRow: async (projectId, dataset) =>
      (await spanOfRows(store.query, dataset, projectId))?.first ?? null,
    async rowsSince(projectId, dataset) {
      const { rows } = await readHorizons(store.query, projectId, dataset);
      return Number.isFinite(rows) ? rows : null;
    },
  };
}

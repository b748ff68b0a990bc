import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { Store } from '../storage/store.ts';
import { createPolicies, type Policies } from './policies.ts';
import { type Removal, type RunOptions, runRetention } from './run.ts';

/** How long what was recorded stays, and its removal. */
export interface Retention {
  readonly policies: Policies;
  /**
   * Removes now what the policies let go: rows, and cells of each grain. Rows of late events, too, that came after their day had
   * gone; the cells that still cover that day count them all the same.
   */
  run(options?: RunOptions): Promise<readonly Removal[]>;
}

export interface RetentionOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma'>;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
  /** RETENTION_DAYS; null: not set. */
  readonly retentionDays: number | null;
  /** Rows or cells per transaction. Default: 2,000. */
  readonly portion?: number;
}

export function createRetention(options: RetentionOptions): Retention {
  const { store, clock, datasets, portion } = options;
  const policies = createPolicies(options);
  const context = { store, policies, datasets, ...(portion !== undefined && { portion }) };
  return {
    policies,
    run: (how) => runRetention({ ...context, now: clock.now() }, how),
  };
}

import type { Dataset } from '../../core/dataset/dataset.ts';
import type { StateTable } from '../../core/dataset/state.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import type { Dialect, Store } from '../store.ts';

export interface StoreOptions {
  /** `file:…` or `postgresql://…`. */
  readonly url: string;
  /** Every dataset whose events the store takes. */
  readonly datasets: readonly Dataset[];
  /** Every state that events may bring along. Default: none. */
  readonly states?: readonly StateTable[];
  /** Threads or connections that read at the same time. Default: 2 on SQLite, 8 on PostgreSQL. */
  readonly readers?: number;
  /** A transaction in which nothing happens for this long is rolled back. Default: 10,000. */
  readonly transactionIdleMs?: number;
  /**
   * Hears of what went wrong beside any call: a thread that died, an idle connection that broke.
   */
  readonly onProblem?: (error: Error) => void;
}

/** How one database is reached. */
export interface StorageDialect {
  readonly name: Dialect;
  openStore(options: Required<Omit<StoreOptions, 'readers'>> & Pick<StoreOptions, 'readers'>): Promise<Store>;
  openMigrationConnection(url: string): Promise<MigrationConnection>;
}

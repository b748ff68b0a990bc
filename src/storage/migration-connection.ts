import type { Dialect } from './store.ts';

/** A connection for the migrator, before the store opens. */
export interface MigrationConnection {
  readonly dialect: Dialect;
  /** Runs one statement with the database's own placeholders. Returns its rows, if it has any. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /**
   * Runs several statements without parameters. They are not a transaction unless they begin one.
   */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

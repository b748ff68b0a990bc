import type { Dialect } from './store.ts';

/** One connection for the migrator, before the store opens. */
export interface MigrationConnection {
  readonly dialect: Dialect;
  /** One statement with the database's own placeholders; its rows, if it returns any. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Several statements without parameters. They are no transaction unless they say so. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

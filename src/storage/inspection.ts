import type { Dialect } from './store.ts';

/** What a database says about itself. */
export interface DatabaseFacts {
  /** The version of the database software, such as "3.53.1". */
  readonly version: string;
  /** The space that the database takes on its disk, including its log. */
  readonly bytes: number;
  /** Epoch milliseconds by the clock of its server. Null: the database runs in this process. */
  readonly now: number | null;
  /** Why it cannot be written to, in words. Null if it can, as far as the database knows. */
  readonly readOnly: string | null;
}

/** What a Citus coordinator knows about its cluster. */
export interface ClusterFacts {
  /** Of the extension. */
  readonly version: string;
  readonly nodes: readonly {
    /** Host and port. */
    readonly name: string;
    readonly isCoordinator: boolean;
    readonly takesShards: boolean;
    readonly isAnswering: boolean;
    /** Its `max_prepared_transactions`; null if it does not answer. */
    readonly preparedTransactions: number | null;
  }[];
  /** The tables that are spread, with the number of their shards. */
  readonly tables: readonly { readonly name: string; readonly shards: number }[];
}

/**
 * A connection that only reads, to inspect a database with or without a running server. It does not
 * migrate, and it changes nothing.
 */
export interface Inspection {
  readonly dialect: Dialect;
  /** Runs one select, with the database's own placeholders. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** SQL for the value of a column of instants in epoch milliseconds. */
  milliseconds(column: string): string;
  /** SQL for an instant, to compare with a column of instants. */
  instant(milliseconds: number): string;
  /** @param tables those that a server writes to */
  facts(tables: readonly string[]): Promise<DatabaseFacts>;
  /** Null: the database is on one server. */
  cluster(): Promise<ClusterFacts | null>;
  close(): Promise<void>;
}

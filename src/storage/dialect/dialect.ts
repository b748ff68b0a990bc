import type { Dataset } from '../../core/dataset/dataset.ts';
import type { StateTable } from '../../core/dataset/state.ts';
import type { AddressFacts, DatabaseAddresses } from '../addresses.ts';
import type { BackupFormat } from '../backups/format.ts';
import type { Compaction, CompactionProgress } from '../compaction.ts';
import type { Inspection } from '../inspection.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import type { ReplicaState } from '../replica.ts';
import type { Dialect, Store } from '../store.ts';
import type { ClientSource } from './client-source.ts';
import type { ThreadSource } from './thread-source.ts';

export interface StoreOptions {
  /** `file:…` or `postgresql://…`, which may lead to a pooler in transaction mode. */
  readonly url: string;
  /** A URL of the same database where a session lasts. Default: `url`. */
  readonly directUrl?: string;
  /** On PostgreSQL, a replica that answers questions about events. Default: there is none. */
  readonly replica?: ReplicaOptions | null;
  /** Every dataset whose events the store accepts. */
  readonly datasets: readonly Dataset[];
  /** Every state that events may bring along. Default: none. */
  readonly states?: readonly StateTable[];
  /**
   * The number of threads or connections that read at the same time. Default: 2 on SQLite, 8 on
   * PostgreSQL.
   */
  readonly readers?: number;
  /** A transaction that is idle for this many milliseconds is rolled back. Default: 10,000. */
  readonly transactionIdleMs?: number;
  /**
   * Resolves when the caller may work for that many microseconds on the event loop. Default: at
   * once.
   */
  readonly pass?: (microseconds: number) => Promise<void>;
  /** Where the threads of its connections come from. Default: they are started for the store. */
  readonly threads?: ThreadSource;
  /** Where Prisma's clients come from. Default: one is made for the store. */
  readonly clients?: ClientSource;
  /** Called with errors that no call reports: a thread that died, an idle connection that broke. */
  readonly onProblem?: (error: Error) => void;
}

/** A streaming replica of the database. */
export interface ReplicaOptions {
  readonly url: string;
  /** How far behind it may be, in milliseconds. Beyond that, it answers nothing. */
  readonly maxLagMs: number;
  /** How long a read waits for the state that it requires. Then the primary answers. */
  readonly waitMs: number;
  /** Called when the replica begins to answer, and when it stops. */
  readonly onChange: (state: ReplicaState) => void;
  /** How often the replica is polled, in milliseconds. Default: 500. */
  readonly pollIntervalMs?: number;
}

/** Options whose default the dialect decides. */
type LeftToDialect = 'readers' | 'threads' | 'directUrl' | 'replica';

/** The access to one kind of database. */
export interface StorageDialect {
  readonly name: Dialect;
  openStore(
    options: Required<Omit<StoreOptions, LeftToDialect>> & Pick<StoreOptions, LeftToDialect>,
  ): Promise<Store>;
  openMigrationConnection(url: string): Promise<MigrationConnection>;
  openInspection(url: string): Promise<Inspection>;
  /** See `inspectAddresses`. */
  inspectAddresses(addresses: DatabaseAddresses): Promise<AddressFacts>;
  /** @param pgDump the path of pg_dump; null: the one in PATH */
  backupFormat(url: string, pgDump: string | null): BackupFormat;
  /** See `compactDatabase`. */
  compact(url: string, onProgress: CompactionProgress): Promise<Compaction>;
}

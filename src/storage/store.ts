import type { Kysely } from 'kysely';
import type { ProjectionPlan } from '../core/dataset/projection.ts';
import type { Row } from '../core/dataset/row.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { RollupDeclaration } from '../core/rollup/fold.ts';
import type { Backup } from './backups.ts';
import type { SqlFunctions } from './dialect/functions.ts';
import type { AppliedMigration } from './migrator/migration.ts';
import type { PrismaClient, PrismaTransaction } from './prisma.ts';

export type Dialect = 'sqlite' | 'postgresql';

/** A table that rows are appended to: a dataset, or a state, which has no rollups. */
export type StoredTable = EntityTable &
  RollupDeclaration & { readonly projections?: readonly ProjectionPlan[] };

/** Rows of one table. */
export interface EventPart {
  readonly dataset: StoredTable;
  readonly rows: readonly Row[];
  /**
   * The rows are states that events bring along: each is stored when its event is new, and not
   * again.
   */
  readonly broughtBy?: BroughtBy;
}

/**
 * The events that bring states along: a part that stands before them in the group, and for each
 * state its row there.
 */
export interface BroughtBy {
  readonly part: number;
  readonly rows: readonly number[];
}

/**
 * The events of one mutation with the states that they bring along: stored together or not at all.
 */
export interface EventGroup {
  readonly parts: readonly EventPart[];
}

/**
 * Which rows of a group were new: per part, per row. A row that is not new was stored before and
 * changed nothing.
 */
export interface AppendResult {
  readonly fresh: readonly (readonly boolean[])[];
}

/**
 * The tables are dynamic (one per dataset declaration), so Kysely is used without a schema type;
 * column and table names always come from a declaration, never from a request.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type QueryBuilder = Kysely<any>;

/**
 * The one door to the database. Nothing here blocks the server's event loop: on SQLite one writer
 * thread and a pool of read-only threads do the work, on PostgreSQL the server.
 */
export interface Store {
  readonly dialect: Dialect;
  /** For analytical SQL: selects run on the read pool. */
  readonly query: QueryBuilder;
  /** What the databases spell differently in such SQL. */
  readonly functions: SqlFunctions;
  /** For states: their rows in lists and nodes, and their mutations. */
  readonly prisma: PrismaClient;
  /**
   * Stores groups of events and the rollups of those that are new, in ONE transaction, and answers
   * after the commit. Groups of one call see each other: the same id in two of them is new in the
   * first only.
   *
   * @throws the database's error; then nothing of any group was stored.
   */
  append(groups: readonly EventGroup[]): Promise<AppendResult[]>;
  /**
   * Runs state mutations in a transaction. Work with the same key is done one after another,
   * whichever instance does it: what it reads stays true until it commits.
   *
   * @throws StorageUnavailable when the transaction could not begin, or took too long: then nothing
   *   was stored.
   */
  transact<Value>(key: string, work: (prisma: PrismaTransaction) => Promise<Value>): Promise<Value>;
  /**
   * Runs work in a transaction during which no instance appends events: events and rollups that it
   * reads belong together, and it may replace cells. Ingest waits meanwhile, so work comes in small
   * portions.
   */
  exclusively<Value>(work: (transaction: QueryBuilder) => Promise<Value>): Promise<Value>;
  /** The migrations that the database has, oldest first. */
  migrations(): Promise<AppliedMigration[]>;
  /**
   * The copies of the database that lie beside it, the newest first. None on PostgreSQL, which has
   * backups of its own.
   */
  backups(): Promise<Backup[]>;
  /**
   * Copies the database to a file beside it; writes go on meanwhile and are not part of it.
   *
   * @param now epoch milliseconds, for its name
   * @throws TelltaleError CONFLICT on PostgreSQL
   */
  backUp(now: number): Promise<Backup>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits for running work, then closes all connections and threads. */
  close(): Promise<void>;
}

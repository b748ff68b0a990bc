import type { Kysely } from 'kysely';
import type { ProjectionPlan } from '../core/dataset/projection.ts';
import type { Row } from '../core/dataset/row.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { TallyPlan } from '../core/dataset/tally.ts';
import type { RollupDeclaration } from '../core/rollup/fold.ts';
import type { SqlFunctions } from './dialect/functions.ts';
import type { InstanceLink } from './instance-link.ts';
import type { AppliedMigration } from './migrator/migration.ts';
import type { PrismaClient, PrismaTransaction } from './prisma.ts';
import type { OperationLimits, ReadScope } from './reading.ts';
import type { Replica } from './replica.ts';
import type { Upkeep } from './upkeep.ts';

export type Dialect = 'sqlite' | 'postgresql';

/** A table to which rows are appended: a dataset, or a state, which has no rollups. */
export type StoredTable = EntityTable &
  RollupDeclaration & {
    readonly projections?: readonly ProjectionPlan[];
    readonly tally?: TallyPlan | null;
  };

/** Rows of one table. */
export interface EventPart {
  readonly dataset: StoredTable;
  readonly rows: readonly Row[];
  /** Set if the rows are states that came with events. Each is stored only if its event is new. */
  readonly broughtBy?: BroughtBy;
}

/**
 * The events that states came with: the index of an earlier part of the group, and for each state
 * the index of its event in that part.
 */
export interface BroughtBy {
  readonly part: number;
  readonly rows: readonly number[];
}

/**
 * The events of one mutation with the states that came with them. They are stored together or not
 * at all.
 */
export interface EventGroup {
  readonly parts: readonly EventPart[];
}

/**
 * Which rows of a group were new: per part, per row. A row that is not new was stored before, and
 * changed nothing this time.
 */
export interface AppendResult {
  readonly fresh: readonly (readonly boolean[])[];
}

/**
 * The tables are dynamic (one per declaration), so Kysely is used without a schema type. Names of
 * columns and tables always come from a declaration, never from a request.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type QueryBuilder = Kysely<any>;

/** The connections or threads that reads use, except for probes. */
export interface ConnectionLoad {
  /** How many there are at most. */
  readonly limit: number;
  /** How many are in use now. */
  readonly busy: number;
  /** How many reads wait for one. */
  readonly waiting: number;
}

/**
 * The only access to the database. Nothing here blocks the server's event loop: on SQLite a writer
 * thread and a pool of read-only threads do the work, on PostgreSQL a writer thread and the
 * database server.
 */
export interface Store {
  readonly dialect: Dialect;
  /** For analytical SQL. Selects run on the read pool. */
  readonly query: QueryBuilder;
  /** The parts of such SQL that differ between the databases. */
  readonly functions: SqlFunctions;
  /** For states: their rows in lists and nodes, and mutations. */
  readonly prisma: PrismaClient;
  /**
   * Stores groups of events and the rollups of the new ones in ONE transaction. Resolves after the
   * commit. If two groups of a call have the same id, only the first one is new.
   *
   * @throws the database's error; then no group was stored.
   */
  append(groups: readonly EventGroup[]): Promise<AppendResult[]>;
  /**
   * Runs mutations of states in a transaction. Work with the same key runs one after another, on
   * all instances together, so what it reads stays true until it commits.
   *
   * @throws StorageUnavailable if the transaction could not begin or took too long; then nothing
   *   was stored.
   */
  transact<Value>(key: string, work: (prisma: PrismaTransaction) => Promise<Value>): Promise<Value>;
  /**
   * Runs work in a transaction during which no instance appends events. So the events and rollups
   * that it reads are consistent, and it may replace cells. Ingest waits meanwhile, so callers work
   * in small batches.
   */
  exclusively<Value>(work: (transaction: QueryBuilder) => Promise<Value>): Promise<Value>;
  /** Checks and measures the database as a whole. */
  readonly upkeep: Upkeep;
  /** The migrations that the database has, oldest first. */
  migrations(): Promise<AppliedMigration[]>;
  /**
   * Runs work whose reads, by `query` and by `prisma`, can be stopped and are counted. Scopes nest:
   * settings that are not given stay as they are. Prisma begins to read when it is awaited, so
   * await it inside.
   */
  reading<Value>(scope: Partial<ReadScope>, work: () => Value): Value;
  /** The scope of the work that runs now. */
  scope(): ReadScope;
  /**
   * Runs work that only reads events, by `query`. In an operation that allows it, a replica answers
   * if one can. If the replica fails meanwhile, the work runs again at the primary.
   */
  readEvents<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Null: there is none. */
  readonly replica: Replica | null;
  /** Whether reads other than probes are in progress. Work that is not urgent gives way to them. */
  isReading(): boolean;
  /**
   * Counts towards the limits of the scope.
   *
   * @throws TelltaleError QUERY_TOO_COMPLEX beyond them.
   */
  count(used: Partial<OperationLimits>): void;
  /** What connects the instances that share the database; null: only one process has it. */
  readonly instances: InstanceLink | null;
  /** How busy the connections for reads are. On SQLite, they are threads. */
  connections(): ConnectionLoad;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits for running work, then closes all connections and threads. */
  close(): Promise<void>;
}

import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { AT_ONCE, toObjects } from '../storage/row-parts.ts';
import type { QueryBuilder } from '../storage/store.ts';
import { toParameter } from './parameters.ts';
import type { CopyParameter } from './protocol.ts';

/** The rows of a select. Integers of any size come as numbers. */
export interface SelectedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Runs one select on the copy. Parameters are texts, numbers, booleans and null. */
export type RunSelect = (sql: string, parameters: readonly CopyParameter[]) => Promise<SelectedRows>;

/** Kysely for selects on the copy. DuckDB understands PostgreSQL's SQL. */
export function createColumnsQuery(run: RunSelect, pass = AT_ONCE): QueryBuilder {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      return { rows: (await toObjects(await run(sql, parameters.map(toParameter)), pass)) as R[] };
    },
    // biome-ignore lint/correctness/useYield: it only says that it cannot
    async *streamQuery() {
      throw new Error('Streaming is not supported.');
    },
  };
  const noTransaction = async (): Promise<never> => {
    throw new Error('The columnar copy is read-only: it has no transactions.');
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: noTransaction,
    commitTransaction: noTransaction,
    rollbackTransaction: noTransaction,
    releaseConnection: async () => {},
    // Whoever opened the thread of the copy closes it.
    destroy: async () => {},
  };
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely({ dialect });
}

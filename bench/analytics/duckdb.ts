import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, fromDist } from '../lib/paths.ts';
import { rowsOf } from './build.ts';
import { ROWS_VERSION } from './rows.ts';

/** An analytical peer that answers SQL in this process. */
export interface Duck {
  rows(sql: string): Promise<unknown[][]>;
  close(): void;
}

/** The part of @duckdb/node-api that is used: it is installed by `npm run bench:*` only, so its types are not always there. */
interface DuckDBModule {
  readonly DuckDBInstance: {
    create(path: string): Promise<{ connect(): Promise<Connection>; closeSync(): void }>;
  };
  readonly DuckDBDataChunk: { create(types: readonly unknown[]): Chunk };
  readonly BIGINT: unknown;
  readonly BOOLEAN: unknown;
  readonly DOUBLE: unknown;
  readonly INTEGER: unknown;
  readonly VARCHAR: unknown;
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJS(): unknown[][] }>;
  createAppender(table: string): Promise<{ appendDataChunk(chunk: Chunk): void; closeSync(): void }>;
  closeSync(): void;
}
interface Chunk {
  setColumns(columns: readonly (readonly unknown[])[]): void;
}

const { llmCalls } = await fromDist<typeof import('../../src/domains/llm/llm-calls/definition.ts')>(
  'domains/llm/llm-calls/definition.js',
);
const moduleName = '@duckdb/node-api';
const duckdb = (await import(moduleName)) as DuckDBModule;

/** DuckDB's vectors hold so many values; an appender takes chunks of one vector. */
const ROWS_PER_CHUNK = 2048;

const TYPES = {
  text: 'VARCHAR',
  enum: 'VARCHAR',
  uuid: 'VARCHAR',
  json: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  float: 'DOUBLE',
  money: 'BIGINT',
  timestamp: 'BIGINT',
} as const;

/** A DuckDB file with the same rows, all columns. Built once. */
export async function openDuck(count: number): Promise<Duck> {
  const file = join(CACHE, `analytics-${count}-rows${ROWS_VERSION}.duckdb`);
  if (!existsSync(file)) await build(file, count);
  const instance = await duckdb.DuckDBInstance.create(file);
  const connection = await instance.connect();
  return {
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowsJS();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function build(file: string, count: number): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const building = `${file}.building`;
  rmSync(building, { force: true });
  const start = performance.now();
  const instance = await duckdb.DuckDBInstance.create(building);
  const connection = await instance.connect();
  const columns = llmCalls.columns.map(({ sqlName, kind }) => `${sqlName} ${TYPES[kind]}`);
  await connection.run(`create table llm_calls (${columns.join(', ')})`);
  const appender = await connection.createAppender('llm_calls');
  const types = llmCalls.columns.map(({ kind }) => duckdb[TYPES[kind]]);
  const isBigint = llmCalls.columns.map(({ kind }) => TYPES[kind] === 'BIGINT');
  let chunk: unknown[][] = llmCalls.columns.map(() => []);
  const flush = () => {
    if (chunk[0]?.length === 0) return;
    const data = duckdb.DuckDBDataChunk.create(types);
    data.setColumns(chunk);
    appender.appendDataChunk(data);
    chunk = llmCalls.columns.map(() => []);
  };
  for (const row of rowsOf(count)) {
    row.forEach((value, index) => {
      chunk[index]?.push(isBigint[index] && value !== null ? BigInt(value as number) : value);
    });
    if (chunk[0]?.length === ROWS_PER_CHUNK) flush();
  }
  flush();
  appender.closeSync();
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
  renameSync(building, file);
  process.stderr.write(
    `duckdb: ${count.toLocaleString('en')} rows in ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
  );
}

import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, fromSource } from '../lib/paths.ts';
import { rowsOf } from './build.ts';
import { ROWS_VERSION } from './rows.ts';

/** A DuckDB database that answers SQL in this process. */
export interface Duck {
  rows(sql: string): Promise<unknown[][]>;
  close(): void;
}

/**
 * The used part of @duckdb/node-api. Only `npm run bench:*` installs it, so its types may be
 * missing.
 */
interface DuckDBModule {
  readonly DuckDBInstance: {
    create(path: string): Promise<{ connect(): Promise<Connection>; closeSync(): void }>;
  };
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJS(): unknown[][] }>;
  closeSync(): void;
}

const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);
const moduleName = '@duckdb/node-api';
const duckdb = (await import(moduleName)) as DuckDBModule;

/** Number of lines per write. */
const ROWS_PER_WRITE = 5000;

const TYPES = {
  text: 'VARCHAR',
  enum: 'VARCHAR',
  uuid: 'VARCHAR',
  duration: 'VARCHAR',
  json: 'VARCHAR',
  texts: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  float: 'DOUBLE',
  money: 'BIGINT',
  timestamp: 'BIGINT',
} as const;

/** Opens a DuckDB file with the same rows and all columns. Built once. */
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

/**
 * Loads a CSV file: an appender takes single values from JavaScript, which takes minutes longer.
 */
async function build(file: string, count: number): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const building = `${file}.building`;
  const csv = `${file}.csv`;
  rmSync(building, { force: true });
  const start = performance.now();
  writeCsv(csv, count);
  const columns = llmCalls.columns.map(({ sqlName, kind }) => [sqlName, TYPES[kind]] as const);
  const instance = await duckdb.DuckDBInstance.create(building);
  const connection = await instance.connect();
  await connection.run(`create table llm_calls (${columns.map((column) => column.join(' ')).join(', ')})`);
  const types = columns.map(([name, type]) => `'${name}': '${type}'`).join(', ');
  await connection.run(
    `insert into llm_calls select * from read_csv('${csv}', header = false, nullstr = '', columns = {${types}})`,
  );
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
  rmSync(csv);
  renameSync(building, file);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stderr.write(`duckdb: ${count.toLocaleString('en')} rows in ${seconds} s\n`);
}

/** Quotes nothing, because the texts of the rows have neither commas nor quotes. */
function writeCsv(path: string, count: number): void {
  const descriptor = openSync(path, 'w');
  let lines: string[] = [];
  for (const row of rowsOf(count)) {
    lines.push(row.join(','));
    if (lines.length < ROWS_PER_WRITE) continue;
    writeSync(descriptor, `${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) writeSync(descriptor, `${lines.join('\n')}\n`);
  closeSync(descriptor);
}

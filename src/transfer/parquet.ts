import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, ColumnKind } from '../core/dataset/column.ts';
import { openParquetEngine, sqlText } from '../storage/parquet-engine.ts';

/**
 * The types in a Parquet file. Money is a decimal with all digits of a nano-USD, so that sums of it
 * are exact.
 */
const TYPES: Readonly<Record<ColumnKind, string>> = {
  uuid: 'UUID',
  text: 'VARCHAR',
  enum: 'VARCHAR',
  duration: 'VARCHAR',
  integer: 'BIGINT',
  float: 'DOUBLE',
  money: 'DECIMAL(18,9)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  json: 'JSON',
  texts: 'VARCHAR[]',
};

/** Writes a Parquet file from the rows in a compressed file of JSON lines, in their order. */
export async function writeParquet(
  { rows, file }: { readonly rows: string; readonly file: string },
  columns: readonly Column[],
): Promise<void> {
  const types = columns.map(({ name, kind }) => `${sqlText(name)}: '${TYPES[kind]}'`).join(', ');
  const selection = `select * from read_json(${sqlText(rows)}, format = 'newline_delimited',
    compression = 'gzip', columns = {${types}})`;
  await using database = await open(file);
  await database.connection.run(`copy (${selection}) to ${sqlText(file)} (format parquet, compression zstd)`);
}

/**
 * Reads a Parquet file: one JSON object per row. A JSON column is text, as in the other files that
 * can be imported.
 *
 * @throws Error of DuckDB if the file cannot be read
 */
export async function* readParquet(file: string): AsyncGenerator<string[]> {
  await using database = await open(file);
  const { connection } = database;
  const from = `read_parquet(${sqlText(file)})`;
  const described = await connection.runAndReadAll(`describe select * from ${from}`);
  const json = described.getRows().filter(([, type]) => type === 'JSON');
  const texts = json.map(([name]) => `${identifier(String(name))}::varchar as ${identifier(String(name))}`);
  const all = texts.length === 0 ? '*' : `* replace (${texts.join(', ')})`;
  const result = await connection.stream(`select to_json("$row") from (select ${all} from ${from}) "$row"`);
  for await (const rows of result.yieldRows()) yield rows.map(([row]) => String(row));
}

interface OpenDatabase extends AsyncDisposable {
  readonly connection: DuckDBConnection;
}

/**
 * An in-memory database that works on a file, and spills data beside it that does not fit into
 * memory.
 */
async function open(file: string): Promise<OpenDatabase> {
  const spill = `${file}.spill`;
  const instance = await openParquetEngine({ spillFolder: spill });
  const connection = await instance.connect();
  return {
    connection,
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

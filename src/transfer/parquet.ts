import { rm } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Column, ColumnKind } from '../core/dataset/column.ts';

/** What DuckDB may hold in memory; the rest it writes to a folder beside the file. */
const MEMORY = '256MiB';
const SPILL_LIMIT = '16GiB';

/**
 * The types of a Parquet file. Money is a decimal with all digits of a nano-USD, so that sums of it
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

/** Writes a Parquet file of the rows in a compressed file of JSON lines, in their order. */
export async function writeParquet(
  { rows, file }: { readonly rows: string; readonly file: string },
  columns: readonly Column[],
): Promise<void> {
  const types = columns.map(({ name, kind }) => `${literal(name)}: '${TYPES[kind]}'`).join(', ');
  const selection = `select * from read_json(${literal(rows)}, format = 'newline_delimited',
    compression = 'gzip', columns = {${types}})`;
  await using database = await open(file);
  await database.connection.run(`copy (${selection}) to ${literal(file)} (format parquet, compression zstd)`);
}

/**
 * Reads a Parquet file: one JSON object per row. A column of JSON is its text, as in the other files
 * that are imported.
 *
 * @throws Error of DuckDB if the file cannot be read
 */
export async function* readParquet(file: string): AsyncGenerator<string[]> {
  await using database = await open(file);
  const { connection } = database;
  const from = `read_parquet(${literal(file)})`;
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

/** A database in memory that works on a file, and keeps beside it what does not fit in memory. */
async function open(file: string): Promise<OpenDatabase> {
  const spill = `${file}.spill`;
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '1',
    temp_directory: spill,
    max_temp_directory_size: SPILL_LIMIT,
    // Nothing comes from the network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
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

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

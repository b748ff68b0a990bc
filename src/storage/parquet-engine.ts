import type { DuckDBInstance } from '@duckdb/node-api';

export interface ParquetEngineOptions {
  /** How much memory it may use. Default: 256 MiB. */
  readonly memoryBytes?: number | undefined;
  /**
   * Where it spills what does not fit into memory, up to 16 GiB. Null: nowhere, so that a statement
   * that needs more fails. DuckDB's default is the working directory, which a service may not be
   * allowed to write to.
   */
  readonly spillFolder: string | null;
}

const MEMORY_BYTES = 256 * 1024 ** 2;
const SPILL_LIMIT = '16GiB';

/**
 * An in-memory DuckDB that reads and writes Parquet files, on one thread, without access to the
 * network.
 */
export async function openParquetEngine({
  memoryBytes = MEMORY_BYTES,
  spillFolder,
}: ParquetEngineOptions): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  return DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryBytes}B`,
    threads: '1',
    temp_directory: spillFolder ?? '',
    max_temp_directory_size: SPILL_LIMIT,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
}

/** A text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

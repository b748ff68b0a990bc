import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { messageOf } from '../core/thrown.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../storage/files.ts';
import { spillFolderOf } from './copy-path.ts';
import { createTable } from './held-columns.ts';
import type { CopySettings } from './protocol.ts';
import type { CopiedDataset } from './row-source.ts';

/** Must change whenever the meaning of the tables of this file changes. */
const FORMAT = 4;
/** DuckDB copies its log into the file at this size, unless we do so earlier. */
const LOG_LIMIT = '256MiB';
/** How much a statement may write to disk beside the copy when its memory is full. */
const SPILL_LIMIT = '4GiB';

/** The open file of the copy. */
export interface CopyFile {
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** Whether the error says that a part of the file is damaged that was not read before. */
export const isDamaged = (error: unknown): boolean => messageOf(error).includes('Corrupt database file');

/**
 * Whether a statement or a commit needed more memory than there is, and could not spill to disk.
 */
export const isOutOfMemory = (error: unknown): boolean =>
  /Out of Memory Error|(?:could not allocate|failed to pin) block/.test(messageOf(error));

/**
 * Opens the file of the copy; makes it and its folder if there is none.
 *
 * @throws Error if it cannot be used: damaged, of another version, with other columns, locked, or
 *   in a folder that this process cannot write to
 */
export async function openCopyFile(
  file: string,
  datasets: readonly CopiedDataset[],
  { memoryBytes, threads }: CopySettings,
): Promise<CopyFile> {
  mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  const isNew = !existsSync(file);
  const instance = await DuckDBInstance.create(file, {
    memory_limit: `${memoryBytes}B`,
    threads: String(threads),
    temp_directory: spillFolderOf(file),
    max_temp_directory_size: SPILL_LIMIT,
    checkpoint_threshold: LOG_LIMIT,
    // Memory that is no longer used goes back to the system soon.
    allocator_background_threads: 'true',
    // DuckDB loads nothing from the network or from other files.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    // DuckDB makes the file itself, and refuses an empty one.
    if (isNew) chmodSync(file, PRIVATE_FILE);
    const connection = await instance.connect();
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    await prepareTables(connection, datasets);
    connection.closeSync();
    return { connect: () => instance.connect(), close: () => instance.closeSync() };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/**
 * Makes the tables of a new file. Those of an existing file must equal what this version would
 * make.
 */
async function prepareTables(
  connection: DuckDBConnection,
  datasets: readonly CopiedDataset[],
): Promise<void> {
  const wanted = fingerprint(datasets);
  const tables = await connection.runAndReadAll('select table_name from information_schema.tables');
  if (tables.currentRowCount > 0) {
    const stored = await connection.runAndReadAll('select fingerprint from copy');
    if (stored.getRows()[0]?.[0] !== wanted) throw new Error('it was made by another version');
    return;
  }
  await connection.run('begin');
  for (const dataset of datasets) await connection.run(createTable(dataset));
  await connection.run('create table copy (fingerprint VARCHAR not null)');
  await connection.run('insert into copy values ($1)', [wanted]);
  await connection.run(
    `create table positions (dataset VARCHAR not null, "rows" VARCHAR not null, removal BIGINT not null,
       removed VARCHAR not null, correction BIGINT not null, corrected VARCHAR not null)`,
  );
  for (const { name } of datasets)
    await connection.run("insert into positions values ($1, '', 0, '', 0, '')", [name]);
  await connection.run(
    'create table expired (dataset VARCHAR not null, project_id VARCHAR not null, before BIGINT not null)',
  );
  // Some of the rows that were copied last. They show whether this is a copy of this database.
  await connection.run(
    `create table witnesses (dataset VARCHAR not null, writer BIGINT not null, arrival BIGINT not null,
       project_id VARCHAR not null, id VARCHAR not null, timestamp BIGINT not null, received_at BIGINT not null)`,
  );
  await connection.run('commit');
}

function fingerprint(datasets: readonly CopiedDataset[]): string {
  const tables = datasets.map((dataset) => `${dataset.name}: ${createTable(dataset)}`);
  return createHash('sha256')
    .update([FORMAT, ...tables].join('\n'))
    .digest('hex');
}

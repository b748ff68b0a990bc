import { chmod, link, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Row } from '../core/dataset/row.ts';
import { columnOf } from '../core/dataset/table.ts';
import { TelltaleError } from '../core/errors.ts';
import { codeOf, messageOf } from '../core/thrown.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { ExpiredRows, RowArchive } from '../retention/archive.ts';
import { pagesOf } from '../rollups/stored-rows.ts';
import { PRIVATE_FILE, sync, syncFolder } from '../storage/files.ts';
import { openParquetEngine, sqlText } from '../storage/parquet-engine.ts';
import type { Store } from '../storage/store.ts';
import { createPage, filesSql, selectArchived } from './columns.ts';
import { folderOf, nextFile, partsOf, prepareFolder, spillFolderIn } from './files.ts';

export interface ArchiveOptions {
  /** RETENTION_ARCHIVE_DIR. */
  readonly folder: string;
  readonly store: Pick<Store, 'query' | 'functions'>;
  /**
   * How much of a day is held in memory; the rest is spilled to files beside the archive. Default:
   * 256 MiB.
   */
  readonly memoryBytes?: number;
}

/**
 * A group is written at once, so it must fit into memory even if its rows have the longest
 * attributes.
 */
const ROWS_PER_GROUP = 4_096;
const RETRY_AFTER_MS = 30_000;

/**
 * Keeps rows in Parquet files before retention removes them: a file per dataset, project and day,
 * with all columns. DuckDB writes them.
 */
export function createArchive({ folder, store, memoryBytes }: ArchiveOptions): RowArchive {
  return {
    async *keep(expired) {
      try {
        const directory = folderOf(folder, expired.dataset.name, expired.projectId);
        await prepareFolder(directory);
        const instance = await openParquetEngine({ memoryBytes, spillFolder: spillFolderIn(directory) });
        try {
          const connection = await instance.connect();
          yield* archiveDays({ store, connection, folder: directory }, expired);
          connection.closeSync();
        } finally {
          instance.closeSync();
        }
      } catch (error) {
        if (codeOf(error) === undefined) throw error;
        throw new TelltaleError(
          'OVERLOADED',
          `RETENTION_ARCHIVE_DIR: ${folder} must be a folder that the server can write to, with ` +
            `enough space (${messageOf(error)}). Nothing was removed.`,
          { retryAfterMs: RETRY_AFTER_MS },
        );
      }
    },
  };
}

interface Archiving extends Pick<ArchiveOptions, 'store'> {
  /** The folder of the dataset and the project. */
  readonly folder: string;
  readonly connection: DuckDBConnection;
}

/** Each value is the number of rows of a day that the archive has now and did not have before. */
async function* archiveDays(archiving: Archiving, expired: ExpiredRows): AsyncGenerator<number> {
  for (let from = Math.floor(expired.oldest / DAY_MS) * DAY_MS; from < expired.before; from += DAY_MS) {
    const read = await readDay(archiving, expired, from);
    if (read === 0) continue;
    yield await writeDay(archiving, expired, new Date(from).toISOString().slice(0, 10));
  }
}

/** Reads the expired rows of a day into the table `page`. */
async function readDay(
  { store, connection }: Archiving,
  { dataset, projectId, before }: ExpiredRows,
  from: number,
): Promise<number> {
  const { columns } = dataset;
  const { index: received } = columnOf(dataset, dataset.storedAtColumn);
  const add = await createPage(connection, columns);
  let read = 0;
  const scope = { dataset, projectId, from, to: Math.min(from + DAY_MS, before) };
  for await (const rows of pagesOf(store, scope)) {
    const old: readonly Row[] = rows.filter((row) => Number(row[received]) < before);
    await add(old);
    read += old.length;
  }
  const stored = await countOf(connection, 'page');
  if (stored !== read)
    throw new Error(`${stored} rows of ${dataset.name} were read for the archive instead of ${read}`);
  return read;
}

/**
 * Writes the rows of `page` that no file of the day has yet: a run that was killed may have written
 * some. The file gets its name once it is complete, on disk, and has the expected number of rows.
 */
async function writeDay(
  { connection, folder }: Archiving,
  { dataset }: ExpiredRows,
  day: string,
): Promise<number> {
  for (;;) {
    const parts = await partsOf(folder, day);
    if (parts.length > 0)
      await connection.run(`delete from page where id in (select id from ${filesSql(parts)})`);
    const rows = await countOf(connection, 'page');
    if (rows === 0) return 0;
    const path = nextFile(folder, day, parts);
    const partial = `${path}.${process.pid}.partial`;
    try {
      await connection.run(
        `copy (${selectArchived(dataset.columns)}) to ${sqlText(partial)} (format parquet, compression zstd, row_group_size ${ROWS_PER_GROUP})`,
      );
      const written = await countOf(connection, filesSql([partial]));
      if (written !== rows) throw new Error(`${path} would have ${written} rows instead of ${rows}`);
      await chmod(partial, PRIVATE_FILE);
      await sync(partial);
      // Another instance may have written the same part meanwhile. Then the rows that its file
      // lacks are written.
      if (!(await nameFile(partial, path))) continue;
      await syncFolder(folder);
      return rows;
    } finally {
      await rm(partial, { force: true });
    }
  }
}

/** @returns false if a file of that name exists */
async function nameFile(partial: string, path: string): Promise<boolean> {
  try {
    await link(partial, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function countOf(connection: DuckDBConnection, from: string): Promise<number> {
  const result = await connection.runAndReadAll(`select count(*) from ${from}`);
  return Number(result.getRows()[0]?.[0]);
}

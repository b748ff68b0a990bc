import { basename } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { CopyParameter, ReadResult } from '../columns/protocol.ts';
import { createColumnsQuery } from '../columns/query.ts';
import { TelltaleError } from '../core/errors.ts';
import { messageOf } from '../core/thrown.ts';
import { DAY_MS } from '../core/time/units.ts';
import { pagesOf } from '../rollups/stored-rows.ts';
import { createTurns } from '../storage/dialect/turns.ts';
import { openParquetEngine, sqlText } from '../storage/parquet-engine.ts';
import type { Store } from '../storage/store.ts';
import type { ArchivedDays, ArchivedRows, ArchiveReader } from './archived-rows.ts';
import { createPage, filesSql, selectRestored } from './columns.ts';
import { filesOf, folderOf } from './files.ts';

export interface ArchiveReaderOptions {
  /** RETENTION_ARCHIVE_DIR. */
  readonly folder: string;
  readonly store: Pick<Store, 'query' | 'functions' | 'scope'>;
}

/** How much memory one question may use. DuckDB spills nothing to disk beyond that. */
const MEMORY_MIB = 256;

/** Reads the files with DuckDB, in an instance per question, on threads of its own. */
export function createArchiveReader({ folder, store }: ArchiveReaderOptions): ArchiveReader {
  const turns = createTurns(['question']);
  return {
    async read(wanted, work) {
      const turn = await turns.take({ ...store.scope(), kind: 'LONG', projectId: wanted.projectId });
      try {
        const instance = await openInstance(folder);
        try {
          return await withRows({ store, instance, folder }, wanted, work);
        } finally {
          instance.closeSync();
        }
      } finally {
        turn.end();
      }
    },
  };
}

/** The instance may read nothing but the folder of the archive. */
async function openInstance(folder: string): Promise<DuckDBInstance> {
  const instance = await openParquetEngine({ memoryBytes: MEMORY_MIB * 1024 ** 2, spillFolder: null });
  const connection = await instance.connect();
  await connection.run(`set allowed_directories = [${sqlText(folder)}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
  connection.closeSync();
  return instance;
}

interface Opening extends ArchiveReaderOptions {
  readonly instance: DuckDBInstance;
}

async function withRows<Found>(
  opening: Opening,
  wanted: ArchivedDays,
  work: (rows: ArchivedRows) => Promise<Found>,
): Promise<Found> {
  const { dataset, projectId } = wanted;
  const files = await prepareRows(opening, wanted);
  const { createQuestions } = await import('../columns/questions.ts');
  const { createQuestionConnections } = await import('../columns/kept-connection.ts');
  const connections = createQuestionConnections(() => opening.instance.connect());
  const questions = createQuestions((work) => work({ connections }));
  let lastNumber = 0;
  const fail = (error: unknown): never => {
    throw toArchiveError(error, dataset.name, files);
  };

  async function run(sql: string, parameters: readonly CopyParameter[]): Promise<ReadResult> {
    const { signal, meter } = opening.store.scope();
    const number = ++lastNumber;
    const limits = meter?.left() ?? null;
    const request = { kind: 'read', sql, parameters, limits } as const;
    const stop = () => questions.stop(number);
    const result = await stoppable(signal, stop, () => questions.read(number, request).catch(fail));
    meter?.count({ rows: result.rows.length, bytes: result.bytes });
    return result;
  }

  try {
    const counted = await run(
      `select timestamp // ${DAY_MS}, count(*) from "${dataset.table}" where project_id = $1 group by 1`,
      [projectId],
    );
    const counts = new Map(counted.rows.map(([day, count]) => [Number(day) * DAY_MS, Number(count)]));
    return await work({ query: createColumnsQuery(run), counts });
  } finally {
    // A statement that failed leaves behind those that ran beside it.
    await questions.close();
    connections.close();
  }
}

/**
 * Runs work that `stop` ends.
 *
 * @throws the reason of the signal if it aborts
 */
async function stoppable<Found>(
  signal: AbortSignal | null,
  stop: () => void,
  work: () => Promise<Found>,
): Promise<Found> {
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** @returns the files that are read */
async function prepareRows(opening: Opening, wanted: ArchivedDays): Promise<readonly string[]> {
  const { store, instance, folder } = opening;
  const { dataset, projectId, days } = wanted;
  const connection = await instance.connect();
  let files: readonly string[] = [];
  const fail = (error: unknown): never => {
    throw toArchiveError(error, dataset.name, files);
  };
  try {
    const add = await createPage(connection, dataset.columns);
    // The rows of these days that the database has: events that came late, and those not removed
    // yet.
    for (const { from, to } of days)
      for await (const rows of pagesOf(store, { dataset, projectId, from, to })) await add(rows).catch(fail);
    // Retention names a file before it removes the rows. So whatever was not among the rows is in a
    // file by now.
    files = await filesOf(folderOf(folder, dataset.name, projectId), isAmong(wanted)).catch(fail);
    const { signal } = store.scope();
    const stop = () => connection.interrupt();
    await stoppable(signal, stop, () => combine(connection, wanted, files).catch(fail));
    return files;
  } finally {
    connection.closeSync();
  }
}

const isAmong =
  ({ days }: ArchivedDays) =>
  (day: string): boolean => {
    const instant = Date.parse(day);
    return days.some(({ from, to }) => from <= instant && instant < to);
  };

/** Makes one table from the page and the files, under the name of the dataset's table. */
async function combine(
  connection: DuckDBConnection,
  { dataset }: ArchivedDays,
  files: readonly string[],
): Promise<void> {
  const names = dataset.columns.map(({ sqlName }) => `"${sqlName}"`).join(', ');
  const page = `select ${names} from page`;
  if (files.length === 0) {
    await connection.run(`create view "${dataset.table}" as ${page}`);
    return;
  }
  const all = filesSql(files);
  const days = await connection.runAndReadAll(`select distinct timestamp // ${DAY_MS} from page`);
  const stored = new Set(
    days.getRows().map(([day]) => new Date(Number(day) * DAY_MS).toISOString().slice(0, 10)),
  );
  const beside = files.filter((file) => stored.has(basename(file).slice(0, 10)));
  if (beside.length > 0)
    await connection.run(`delete from page where id in (select id from ${filesSql(beside)})`);
  // A column that was added later is missing from older files.
  const described = await connection.runAndReadAll(`describe select * from ${all}`);
  const archived = new Set(described.getRows().map(([name]) => String(name)));
  const columns = dataset.columns.filter(({ sqlName }) => archived.has(sqlName));
  await connection.run(
    `create view "${dataset.table}" as ${page} union all by name ${selectRestored(columns, all)}`,
  );
}

/** The error for the caller, which does not reveal where the files are. */
function toArchiveError(error: unknown, dataset: string, files: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof TelltaleError) return error;
  const message = messageOf(error);
  if (message.includes('Out of Memory Error'))
    return new TelltaleError(
      'QUERY_TOO_COMPLEX',
      `The archive has too much data in this range for one query, which may use ${MEMORY_MIB} MiB ` +
        'of memory. Use a shorter range or fewer groups.',
    );
  const named = files.find((file) => message.includes(file));
  const which = named === undefined ? 'A file' : `The file ${basename(named)}`;
  return new TelltaleError(
    'UNAVAILABLE',
    `${which} of ${dataset} in the archive cannot be read: it is damaged, or cannot be opened. ` +
      'Restore it from a copy. If you remove it, its day is no longer available. Without `archive`, ' +
      'the query reads only the other data.',
  );
}

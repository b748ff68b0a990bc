import type { DuckDBConnection } from '@duckdb/node-api';
import { type CopiedTable, openCopiedTable } from './copied-table.ts';
import { type CopyFile, openCopyFile } from './copy-file.ts';
import { removeCopy } from './copy-path.ts';
import type { CopySettings } from './protocol.ts';
import type { CopiedDataset, RowSource } from './row-source.ts';

/** Rows that are copied in one transaction: some 40 to 150 ms of work. */
export const PAGE_ROWS = 8_192;
/** Beyond it, a question does not wait: the rows answer while the copy catches up. */
export const MOST_ROWS_BEHIND = 50_000;
/** How long a question waits for the copy. */
const PATIENCE_MS = 500;
/** The log goes into the file after so many rows: until then, they take memory. */
const ROWS_PER_CHECKPOINT = 122_880;

/** The copy of the events by columns, in the thread that owns it. */
export interface Copy {
  /**
   * Copies what a dataset lacks, for as long as a question waits.
   *
   * @returns null if the dataset has everything that was committed when it was called; otherwise
   *   why not
   */
  catchUp(dataset: string): Promise<string | null>;
  /**
   * Copies a page of each dataset that lacks rows.
   *
   * @returns whether something may be left
   */
  feed(): Promise<boolean>;
  /** Removes what retention has removed from the rows, and writes the log into the file. */
  tidy(): Promise<void>;
  /** A connection for questions. */
  connect(): Promise<DuckDBConnection>;
  /** Waits for the page under way. No question may run. */
  close(): Promise<void>;
}

export interface CopyOptions {
  readonly file: string;
  readonly datasets: readonly CopiedDataset[];
  readonly source: RowSource;
  readonly settings: CopySettings;
  /** Default: `PAGE_ROWS`. */
  readonly pageRows?: number;
  /** How long a question waits. Default: `PATIENCE_MS`. */
  readonly patienceMs?: number;
  /** Told what went wrong, in a sentence. */
  onProblem(problem: string): void;
}

/**
 * Opens the copy. One that is of another database is made anew.
 *
 * @throws Error if another process has the file open, or if it cannot be made
 */
export async function openCopy(options: CopyOptions): Promise<Copy> {
  const opened = await openTables(options);
  if (await isOfThisDatabase(opened.tables, options.source)) return createCopy(options, opened);
  opened.close();
  options.onProblem(`${options.file} is of another database, and is made anew`);
  removeCopy(options.file);
  return createCopy(options, await openTables(options));
}

interface OpenTables {
  readonly file: CopyFile;
  readonly connection: DuckDBConnection;
  readonly tables: readonly CopiedTable[];
  close(): void;
}

async function openTables({ file: path, datasets, settings, onProblem }: CopyOptions): Promise<OpenTables> {
  const file = await openCopyFile(path, datasets, { settings, onProblem });
  const connection = await file.connect();
  const tables: CopiedTable[] = [];
  for (const dataset of datasets) tables.push(await openCopiedTable(connection, dataset));
  return {
    ...{ file, connection, tables },
    close() {
      connection.closeSync();
      file.close();
    },
  };
}

/**
 * A database that was replaced by a backup, or by another one, has other rows under the numbers of
 * those that were copied. Of witnesses that were removed since, nothing can be said.
 */
async function isOfThisDatabase(tables: readonly CopiedTable[], source: RowSource): Promise<boolean> {
  for (const { dataset, position, witnesses } of tables) {
    const { committed } = await source.missing(dataset, position, 1);
    if (position.arrival > committed) return false;
    const copied = await witnesses();
    const stored = await source.idsOf(dataset, [...copied.keys()]);
    for (const [arrival, id] of copied) {
      if (stored.has(arrival) && stored.get(arrival) !== id) return false;
    }
    if (copied.size > 0 && stored.size === 0) return false;
  }
  return true;
}

function createCopy(
  { source, pageRows = PAGE_ROWS, patienceMs = PATIENCE_MS }: CopyOptions,
  { file, connection, tables, close }: OpenTables,
): Copy {
  const byName = new Map(tables.map((table) => [table.dataset.name, table]));
  const alone = createLock();
  let unwritten = 0;
  let closing = false;

  /** @returns how many arrivals are left at most */
  async function copyPage(table: CopiedTable): Promise<number> {
    const { committed, removals, page } = await source.missing(table.dataset, table.position, pageRows);
    // First: a project of the same name may have rows again.
    if (removals.length > 0) await table.removeProjects(removals);
    if (page !== null) {
      await table.append(page);
      unwritten += page.count;
    }
    if (page === null || page.count < pageRows) table.reach(committed);
    if (unwritten >= ROWS_PER_CHECKPOINT) await checkpoint();
    return committed - table.position.arrival;
  }

  async function checkpoint(): Promise<void> {
    if (unwritten === 0) return;
    unwritten = 0;
    await connection.run('checkpoint');
  }

  return {
    async catchUp(dataset) {
      const table = byName.get(dataset);
      if (table === undefined) return `${dataset} is not copied`;
      const start = performance.now();
      for (;;) {
        const left = await alone(() => copyPage(table));
        if (left <= 0) return null;
        if (left > MOST_ROWS_BEHIND || performance.now() - start > patienceMs) {
          return `the columns are ${left.toLocaleString('en')} events behind`;
        }
      }
    },
    async feed() {
      const before = unwritten;
      let isLeft = false;
      for (const table of tables) {
        if (closing) return false;
        if ((await alone(() => copyPage(table))) > 0) isLeft = true;
      }
      // Nothing came meanwhile: a good time to give back the memory of the log.
      if (unwritten === before && !isLeft) await alone(checkpoint);
      return isLeft;
    },
    async tidy() {
      const expired = await source.expired();
      for (const table of tables) {
        const ofTable = expired.filter(({ dataset }) => dataset === table.dataset.name);
        if (ofTable.length > 0) await alone(() => table.removeExpired(ofTable));
      }
      await alone(checkpoint);
    },
    connect: file.connect,
    async close() {
      closing = true;
      await alone(async () => close());
      await source.close();
    },
  };
}

/** Runs one piece of work after another. */
function createLock() {
  let last: Promise<unknown> = Promise.resolve();
  return <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

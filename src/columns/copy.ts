import type { DuckDBConnection } from '@duckdb/node-api';
import { defined } from '../core/defined.ts';
import { createSerial } from '../storage/serial.ts';
import type { CopiedTable } from './copied-table.ts';
import { removeCopy } from './copy-path.ts';
import {
  type OpenTables,
  OTHER_DATABASE,
  openExisting,
  openTables,
  type TablesOptions,
} from './open-tables.ts';
import { createPageSize } from './page-size.ts';
import { MOST_ROWS_BEHIND, type RowSource } from './row-source.ts';
import { evidenceOf, isOfThisDatabase } from './same-database.ts';

/** Rows that are copied in one transaction at most: some 40 to 150 ms of work. */
export const PAGE_ROWS = 8_192;
/** The log goes into the file after so many rows: until then, they take memory. */
const ROWS_PER_CHECKPOINT = 122_880;

/** The copy of the events by columns, in the thread that owns it. */
export interface Copy {
  /**
   * Copies what a dataset lacks, unless that is much, or takes longer than a question waits.
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
  /** Waits until the page under way is stored. No question may run. */
  close(): Promise<void>;
}

export interface CopyOptions extends TablesOptions {
  readonly source: RowSource;
  /** Rows of a page at most. Default: `PAGE_ROWS`. */
  readonly pageRows?: number;
  /** Told what went wrong, in a sentence. */
  onProblem(problem: string): void;
}

/**
 * Opens the copy. One that cannot be used (damaged, of another version of DuckDB, of other columns)
 * or is of another database is removed and made anew: it holds nothing that the rows do not have.
 *
 * @throws Error if another process has the file open, or if it cannot be made
 * @throws StorageUnavailable if the rows cannot be read
 */
export async function openCopy(options: CopyOptions): Promise<Copy> {
  const { file, source, onProblem } = options;
  const found = await openExisting(options);
  if (found.opened !== null) {
    const { opened, evidence } = found;
    try {
      if (await isOfThisDatabase(evidence, source)) return createCopy(options, opened);
    } catch (error) {
      opened.close();
      throw error;
    }
    opened.close();
  }
  if (found.problem !== null) {
    onProblem(`${file} is made anew: ${found.problem}`);
    removeCopy(file);
  }
  return createCopy(options, await openTables(options));
}

function createCopy(
  { source, pageRows = PAGE_ROWS, settings: { patienceMs } }: CopyOptions,
  { file, connection, tables, close }: OpenTables,
): Copy {
  const byName = new Map(tables.map((table) => [table.dataset.name, table]));
  const sizes = new Map(tables.map((table) => [table, createPageSize(pageRows)]));
  const alone = createSerial();
  /** Rows that were copied since the log was last written into the file. */
  let unwritten = 0;
  let removed = false;
  let closing = false;
  /** What was last removed from each table because it had expired. */
  const applied = new Map<CopiedTable, string>();

  /** The connection on which the rows were found to be those that were copied. */
  let known = source.connections;

  /** @throws Error if a backup has taken the place of the database */
  async function checkDatabase(): Promise<void> {
    const { connections } = source;
    if (connections === known) return;
    if (!(await isOfThisDatabase(await evidenceOf(tables), source))) throw new Error(OTHER_DATABASE);
    known = connections;
  }

  /** @returns how many rows are left, at most */
  async function copyPage(table: CopiedTable): Promise<number> {
    const size = defined(sizes.get(table));
    const { removals, page, rows, left } = await source.missing(table.dataset, table.position, size.rows);
    await checkDatabase();
    // First: a project of the same name may have rows again.
    if (removals.length > 0) {
      await table.removeProjects(removals);
      removed = true;
    }
    await table.append(page, rows);
    if (page !== null) size.note(page);
    unwritten += page?.count ?? 0;
    if (unwritten >= ROWS_PER_CHECKPOINT) await checkpoint();
    return left;
  }

  async function checkpoint(): Promise<void> {
    if (unwritten === 0 && !removed) return;
    [unwritten, removed] = [0, false];
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
        if (left > MOST_ROWS_BEHIND || performance.now() - start > patienceMs) return behind(left);
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
      if (unwritten === before && !isLeft && !closing) await alone(checkpoint);
      return isLeft;
    },
    async tidy() {
      const expired = await source.expired();
      for (const table of tables) {
        const ofTable = expired.filter(({ dataset }) => dataset === table.dataset.name);
        const asText = JSON.stringify(ofTable);
        if (closing) return;
        if (ofTable.length === 0 || applied.get(table) === asText) continue;
        await alone(() => table.removeExpired(ofTable));
        applied.set(table, asText);
        removed = true;
      }
      if (!closing) await alone(checkpoint);
    },
    connect: file.connect,
    async close() {
      closing = true;
      // First, so that nobody waits for what is being read.
      await source.close();
      await alone(async () => close());
    },
  };
}

function behind(left: number): string {
  if (left === Number.POSITIVE_INFINITY) return 'the columns are being filled';
  const [words, number] = left > MOST_ROWS_BEHIND ? ['more than', MOST_ROWS_BEHIND] : ['up to', left];
  return `the columns are ${words} ${number.toLocaleString('en')} events behind`;
}

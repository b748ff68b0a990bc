import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../core/thrown.ts';
import { createSerial } from '../storage/serial.ts';
import { type CopiedTable, openCopiedTable } from './copied-table.ts';
import { type CopyFile, isLocked, openCopyFile } from './copy-file.ts';
import { removeCopy } from './copy-path.ts';
import type { CopySettings } from './protocol.ts';
import type { CopiedDataset, ExpiredRows, RowSource } from './row-source.ts';

/** Rows that are copied in one transaction: some 40 to 150 ms of work. */
export const PAGE_ROWS = 8_192;
/** Beyond it, a question does not wait: the rows answer while the copy catches up. */
export const MOST_ROWS_BEHIND = 50_000;
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
  /** Told what went wrong, in a sentence. */
  onProblem(problem: string): void;
}

/**
 * Opens the copy. One that cannot be used (damaged, of another version of DuckDB, of other columns)
 * or is of another database is removed and made anew: it holds nothing that the rows do not have.
 *
 * @throws Error if another process has the file open, or if it cannot be made
 */
export async function openCopy(options: CopyOptions): Promise<Copy> {
  const { file, source, onProblem } = options;
  const existed = existsSync(file);
  try {
    const opened = await openTables(options);
    if (await isOfThisDatabase(opened.tables, source)) return createCopy(options, opened);
    opened.close();
    throw new Error('it is of another database');
  } catch (error) {
    if (!existed || isLocked(error)) throw error;
    onProblem(`${file} is made anew: ${messageOf(error)}`);
    removeCopy(file);
    return createCopy(options, await openTables(options));
  }
}

interface OpenTables {
  readonly file: CopyFile;
  readonly connection: DuckDBConnection;
  readonly tables: readonly CopiedTable[];
  close(): void;
}

async function openTables({ file: path, datasets, settings }: CopyOptions): Promise<OpenTables> {
  const file = await openCopyFile(path, datasets, settings);
  try {
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
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Whether the rows are those that were copied. A database that was replaced by a backup, or by
 * another one, has other rows under the numbers of those that were copied last, or it lacks a
 * removal that the copy has made. Of witnesses that were removed since, nothing can be said, unless
 * none is left.
 */
async function isOfThisDatabase(tables: readonly CopiedTable[], source: RowSource): Promise<boolean> {
  const expired = new Map((await source.expired()).map((rows) => [keyOf(rows), rows.before]));
  const found = { copied: 0, stored: 0 };
  for (const { dataset, position, witnesses, expired: removed } of tables) {
    const { arrival, removal } = position;
    if (arrival > (await source.missing(dataset, position, 1)).committed) return false;
    if (removal.number > 0 && (await source.projectOf(removal.number)) !== removal.projectId) return false;
    for (const rows of await removed()) if ((expired.get(keyOf(rows)) ?? 0) < rows.before) return false;
    const copied = await witnesses();
    const stored = await source.idsOf(dataset, [...copied.keys()]);
    for (const [number, id] of stored) if (copied.get(number) !== id) return false;
    found.copied += copied.size;
    found.stored += stored.size;
  }
  return found.copied === 0 || found.stored > 0;
}

const keyOf = ({ dataset, projectId }: ExpiredRows): string => `${dataset} ${projectId}`;

function createCopy(
  { source, pageRows = PAGE_ROWS, settings: { patienceMs } }: CopyOptions,
  { file, connection, tables, close }: OpenTables,
): Copy {
  const byName = new Map(tables.map((table) => [table.dataset.name, table]));
  const alone = createSerial();
  /** Rows that were copied since the log was last written into the file. */
  let unwritten = 0;
  let removed = false;
  let closing = false;
  /** What was last removed from each table because it had expired. */
  const applied = new Map<CopiedTable, string>();

  /** @returns how many arrivals are left at most */
  async function copyPage(table: CopiedTable): Promise<number> {
    const { committed, removals, page } = await source.missing(table.dataset, table.position, pageRows);
    // First: a project of the same name may have rows again.
    if (removals.length > 0) {
      await table.removeProjects(removals);
      removed = true;
    }
    if (page !== null) {
      await table.append(page);
      unwritten += page.count;
    }
    if (page === null || page.count < pageRows) table.reach(committed);
    if (unwritten >= ROWS_PER_CHECKPOINT) await checkpoint();
    return committed - table.position.arrival;
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
        if (left > MOST_ROWS_BEHIND || performance.now() - start > patienceMs) {
          return `the columns are up to ${left.toLocaleString('en')} events behind`;
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
      await alone(async () => close());
      await source.close();
    },
  };
}

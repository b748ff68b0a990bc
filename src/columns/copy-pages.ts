import type { DuckDBConnection } from '@duckdb/node-api';
import { defined } from '../core/defined.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { CopiedTable } from './copied-table.ts';
import { isOutOfMemory } from './copy-file.ts';
import { ConnectedAnew, type FilledPage, pagesToFill } from './fill-pages.ts';
import { createPageSize } from './page-size.ts';
import type {
  CopiedDataset,
  CopyPosition,
  CorrectedPage,
  MissingRows,
  RowCorrection,
  RowSource,
} from './row-source.ts';

/** Copies pages of rows. */
export interface CopyPages {
  /** Rows that were copied so far. */
  readonly copied: number;
  /**
   * Copies the next page of a table.
   *
   * @param mostRows the maximum number of rows of the page
   * @returns the maximum number of rows that are left; infinite while the table is being filled
   */
  next(table: CopiedTable, mostRows: number): Promise<number>;
  /**
   * Copies many pages of a table in one transaction, if they fit into memory. The caller does not
   * hold the lock, so pages of other tables can be copied meanwhile. One table is filled at a time.
   *
   * @param stored called with each page; returns how many rows the next one may have, or 0 to end
   * @returns how many rows were copied; none if something else comes first, or if the rows do not
   *   fit
   */
  fill(table: CopiedTable, mostRows: number, stored: (page: FilledPage) => Promise<number>): Promise<number>;
  isFilling(table: CopiedTable): boolean;
  /** Remembers that rows were removed from the copy, for the next checkpoint. */
  noteRemoval(): void;
  /** Writes the log into the file, unless it is empty. */
  checkpoint(): Promise<void>;
}

export interface CopyPagesOptions {
  readonly source: RowSource;
  readonly connection: DuckDBConnection;
  readonly tables: readonly CopiedTable[];
  /** The maximum number of rows of a page. */
  readonly pageRows: number;
  /** The lock of the connection and of the source. The caller of `next` must hold it. */
  readonly alone: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** @throws Error if a backup has replaced the database */
  checkDatabase(): Promise<void>;
  onProblem(problem: string): void;
}

/** A correction adds about as much to the log as this many rows. */
const ROWS_OF_A_CORRECTION = 500;

async function* pagesOf(
  source: RowSource,
  dataset: CopiedDataset,
  correction: RowCorrection,
): AsyncGenerator<CorrectedPage> {
  let page = await source.corrected(dataset, correction, null);
  while (page !== null) {
    yield page;
    page = await source.corrected(dataset, correction, page.last);
  }
}

export function createCopyPages(options: CopyPagesOptions): CopyPages {
  const { source, connection, tables, pageRows, alone, checkDatabase, onProblem } = options;
  const sizes = new Map(tables.map((table) => [table, createPageSize(pageRows)]));
  let copied = 0;
  /** The table that is being filled. */
  let filled: CopiedTable | null = null;
  const log = createCheckpoints(connection, () => filled !== null);
  /** Tables whose pages did not fit into memory. */
  const large = new Set<CopiedTable>();

  async function readMissing(
    { dataset }: CopiedTable,
    after: CopyPosition,
    limit: number,
  ): Promise<MissingRows> {
    const missing = await source.missing(dataset, after, limit);
    await checkDatabase();
    return missing;
  }

  /**
   * @returns whether the page is stored. If it did not fit into memory, the next one is smaller.
   */
  async function store(table: CopiedTable, { page, rows, lastCorrection }: MissingRows): Promise<boolean> {
    // The first rows already have all earlier corrections.
    const known = table.position.rows === '' ? lastCorrection : null;
    try {
      await table.append(page, rows, known ?? undefined);
      return true;
    } catch (error) {
      if (page === null || !isOutOfMemory(error) || !defined(sizes.get(table)).halve(page)) throw error;
      onProblem(
        `${page.count} ${table.dataset.name} exceed COLUMN_STORE_MEMORY, so fewer are copied at once`,
      );
      // The rows of the log take memory, too.
      await log.run();
      return false;
    }
  }

  async function storeMissing(table: CopiedTable, missing: MissingRows): Promise<number> {
    const { removals, correction, page, left } = missing;
    // Removals come first, because a project of the same name may have new rows.
    if (removals.length > 0) {
      await table.removeProjects(removals);
      log.noteRemoval();
    }
    if (correction !== null && table.position.rows !== '') {
      await table.correct(correction, pagesOf(source, table.dataset, correction));
      log.note(ROWS_OF_A_CORRECTION);
      // The page comes again, and perhaps another correction.
      return left + (page?.count ?? 0) + 1;
    }
    const isStored = await store(table, missing);
    if (page === null) return left;
    if (!isStored) return left + page.count;
    defined(sizes.get(table)).note(page);
    copied += page.count;
    log.note(page.count);
    if (log.isDue) await log.run();
    return left;
  }

  async function fill(
    table: CopiedTable,
    mostRows: number,
    stored: (page: FilledPage) => Promise<number>,
  ): Promise<number> {
    if (large.has(table)) return 0;
    // No page of this table is under way then, and none begins.
    const position = await alone(async () => {
      filled = table;
      return table.position;
    });
    let rows = 0;
    const pages = pagesToFill({
      ...{ source, position, mostRows },
      size: defined(sizes.get(table)),
      read: (after, limit) => alone(() => readMissing(table, after, limit)),
      stored(page) {
        rows += page.count;
        return stored(page);
      },
    });
    try {
      await table.appendAll(pages);
      copied += rows;
      log.note(rows);
    } catch (error) {
      if (error instanceof ConnectedAnew) return 0;
      if (!isOutOfMemory(error)) throw error;
      large.add(table);
      return 0;
    } finally {
      filled = null;
    }
    if (log.isDue) await alone(log.run);
    return rows;
  }

  return {
    get copied() {
      return copied;
    },
    fill,
    isFilling: (table) => table === filled,
    async next(table, mostRows) {
      if (table === filled) return Number.POSITIVE_INFINITY;
      const limit = Math.min(defined(sizes.get(table)).rows, mostRows);
      return storeMissing(table, await readMissing(table, table.position, limit));
    },
    noteRemoval: log.noteRemoval,
    checkpoint: log.run,
  };
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { defined } from '../core/defined.ts';
import type { CopiedTable } from './copied-table.ts';
import { isOutOfMemory } from './copy-file.ts';
import { createPageSize } from './page-size.ts';
import type { CopiedDataset, CorrectedPage, MissingRows, RowCorrection, RowSource } from './row-source.ts';

/** Copies pages of rows, one at a time. */
export interface CopyPages {
  /** Rows that were copied so far. */
  readonly copied: number;
  /**
   * Copies the next page of a table.
   *
   * @param mostRows of the page
   * @returns how many rows are left, at most
   */
  next(table: CopiedTable, mostRows: number): Promise<number>;
  /** Remembers that rows were removed from the copy, for the next checkpoint. */
  noteRemoval(): void;
  /** Writes the log into the file if there is something in it. */
  checkpoint(): Promise<void>;
}

export interface CopyPagesOptions {
  readonly source: RowSource;
  readonly connection: DuckDBConnection;
  readonly tables: readonly CopiedTable[];
  /** Rows of a page at most. */
  readonly pageRows: number;
  /** @throws Error if a backup has taken the place of the database */
  checkDatabase(): Promise<void>;
  onProblem(problem: string): void;
}

/** The log goes into the file after so many rows: until then, they take memory. */
const ROWS_PER_CHECKPOINT = 122_880;

/** About what the log keeps of it. */
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
  const { source, connection, tables, pageRows, checkDatabase, onProblem } = options;
  const sizes = new Map(tables.map((table) => [table, createPageSize(pageRows)]));
  let copied = 0;
  /** Rows that were copied since the log was last written into the file. */
  let unwritten = 0;
  let removed = false;

  async function checkpoint(): Promise<void> {
    if (unwritten === 0 && !removed) return;
    [unwritten, removed] = [0, false];
    await connection.run('checkpoint');
  }

  /** @returns whether the page is stored. If it did not fit into memory, the next one is smaller. */
  async function store(table: CopiedTable, { page, rows, lastCorrection }: MissingRows): Promise<boolean> {
    // The first rows have all corrections that were there before them.
    const known = table.position.rows === '' ? lastCorrection : null;
    try {
      await table.append(page, rows, known ?? undefined);
      return true;
    } catch (error) {
      if (page === null || !isOutOfMemory(error) || !defined(sizes.get(table)).halve(page)) throw error;
      onProblem(
        `a page of ${page.count} ${table.dataset.name} does not fit into COLUMN_STORE_MEMORY, so it takes fewer at once`,
      );
      // The rows of the log take memory, too.
      await checkpoint();
      return false;
    }
  }

  async function storeMissing(table: CopiedTable, missing: MissingRows): Promise<number> {
    const { removals, correction, page, left } = missing;
    // First: a project of the same name may have rows again.
    if (removals.length > 0) {
      await table.removeProjects(removals);
      removed = true;
    }
    if (correction !== null && table.position.rows !== '') {
      await table.correct(correction, pagesOf(source, table.dataset, correction));
      unwritten += ROWS_OF_A_CORRECTION;
      // The page comes again, and perhaps another correction.
      return left + (page?.count ?? 0) + 1;
    }
    const isStored = await store(table, missing);
    if (page === null) return left;
    if (!isStored) return left + page.count;
    defined(sizes.get(table)).note(page);
    copied += page.count;
    unwritten += page.count;
    if (unwritten >= ROWS_PER_CHECKPOINT) await checkpoint();
    return left;
  }

  return {
    get copied() {
      return copied;
    },
    async next(table, mostRows) {
      const limit = Math.min(defined(sizes.get(table)).rows, mostRows);
      const missing = await source.missing(table.dataset, table.position, limit);
      await checkDatabase();
      return storeMissing(table, missing);
    },
    noteRemoval() {
      removed = true;
    },
    checkpoint,
  };
}

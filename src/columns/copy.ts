import type { DuckDBConnection } from '@duckdb/node-api';
import { createSerial } from '../storage/serial.ts';
import { createBacklog, describeLag } from './backlog.ts';
import type { CopiedTable } from './copied-table.ts';
import { createCopyPages } from './copy-pages.ts';
import { removeCopy } from './copy-path.ts';
import { createQuestionConnections, type QuestionConnections } from './kept-connection.ts';
import {
  type OpenTables,
  OTHER_DATABASE,
  openExisting,
  openTables,
  type TablesOptions,
} from './open-tables.ts';
import type { Pace } from './pace.ts';
import { patienceOf } from './patience.ts';
import { type ExpiredRows, MAX_ROWS_BEHIND, type RowSource } from './row-source.ts';
import { evidenceOf, isOfThisDatabase } from './same-database.ts';

/**
 * The maximum number of rows that are copied in one transaction: some 40 ms of work. More at once
 * is not cheaper.
 */
export const PAGE_ROWS = 4_096;
/** The same while others are busy. */
const GENTLE_ROWS = 2_048;

/** The columnar copy of the events, in the thread that owns it. */
export interface Copy {
  /**
   * Copies what a dataset lacks, unless that is a lot, or takes longer than a question waits.
   *
   * @returns null if the dataset has everything that was committed at the time of the call;
   *   otherwise the reason why not
   */
  catchUp(dataset: string): Promise<string | null>;
  /** How long a question about a dataset waits, in milliseconds. */
  patienceMs(dataset: string): number;
  /** How many rows it has copied since it was opened. */
  copied(): number;
  /**
   * The maximum number of rows that each dataset lacked at its last check. Infinite: nobody has
   * counted.
   */
  lag(): ReadonlyMap<string, number>;
  /** The memory that DuckDB holds, in bytes. */
  heldBytes(): Promise<number>;
  /** Whether a dataset lacked so much that questions did not wait, and has not caught up yet. */
  isFarBehind(): boolean;
  /** Whether copying what is left may take long. */
  lacksMuch(): boolean;
  /**
   * Copies a page of each dataset that lacks rows. First copies many pages of one that is far
   * behind. Gives way to others meanwhile.
   *
   * @returns whether something may be left
   */
  feed(): Promise<boolean>;
  /** Removes the rows that retention has removed, and writes the log into the file. */
  tidy(): Promise<void>;
  /** For questions. */
  readonly connections: QuestionConnections;
  /** Waits until the current page is stored. No question may be running. */
  close(): Promise<void>;
}

export interface CopyOptions extends TablesOptions {
  readonly source: RowSource;
  /** The maximum number of rows of a page. Default: `PAGE_ROWS`. */
  readonly pageRows?: number;
  /** With more rows left, a dataset counts as far behind. Default: `MAX_ROWS_BEHIND`. */
  readonly mostRowsBehind?: number;
  /** Default: the copy gives way to nobody. */
  readonly pace?: Pace;
  /** Called with a sentence that says what went wrong. */
  onProblem(problem: string): void;
}

/**
 * Opens the copy. A copy of another database is removed and rebuilt, and so is one that cannot be
 * used (damaged, of another version of DuckDB, with other columns). Nothing is lost, because it
 * holds only what the rows have.
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
    onProblem(`${file} is being rebuilt: ${found.problem}`);
    removeCopy(file);
  }
  return createCopy(options, await openTables(options));
}

function createCopy(options: CopyOptions, { file, connection, tables, close }: OpenTables): Copy {
  const { source, pageRows = PAGE_ROWS, mostRowsBehind = MAX_ROWS_BEHIND, pace, onProblem } = options;
  const byName = new Map(tables.map((table) => [table.dataset.name, table]));
  const checkDatabase = createDatabaseCheck(source, tables);
  const alone = createSerial();
  const pages = createCopyPages({ source, connection, tables, pageRows, alone, checkDatabase, onProblem });
  const connections = createQuestionConnections(file.connect);
  const patienceMs = (name: string): number =>
    patienceOf(byName.get(name)?.rows ?? 0, options.settings.patienceMs);
  let closing = false;
  const removeExpired = createExpiry(alone);
  const backlog = createBacklog(mostRowsBehind);
  let mostRows = pageRows;
  let filling: Promise<unknown> = Promise.resolve();
  /** Whether a question waits for the table that is being filled. */
  let isAwaited = false;

  /** Gives way to others if they are busy. The next page is then smaller. */
  async function rest(table: CopiedTable, workedMs: number): Promise<void> {
    // A copy that keeps up gives way to nobody; otherwise questions would find it behind.
    const isBusy = backlog.of(table) !== undefined && !closing && (await pace?.rest(workedMs));
    mostRows = isBusy ? Math.min(GENTLE_ROWS, pageRows) : pageRows;
  }

  /** Ends early for a question that waits, and then continues page by page. */
  const fillTable = (table: CopiedTable): Promise<number> =>
    pages.fill(table, mostRows, async ({ count, left, workedMs }) => {
      backlog.note(table, { left, lacked: left + count });
      await rest(table, workedMs);
      return closing || isAwaited ? 0 : mostRows;
    });

  /** @returns whether something may be left */
  async function feedTable(table: CopiedTable): Promise<boolean> {
    if (backlog.of(table) !== undefined) {
      isAwaited = false;
      const filled = fillTable(table);
      filling = filled;
      if ((await filled) > 0) return backlog.of(table) !== undefined;
    }
    let start = 0;
    const { left, lacked } = await alone(async () => {
      start = performance.now();
      const before = pages.copied;
      const left = await pages.next(table, mostRows);
      return { left, lacked: left + pages.copied - before };
    });
    backlog.note(table, { left, lacked });
    await rest(table, performance.now() - start);
    return left > 0;
  }

  return {
    patienceMs,
    copied: () => pages.copied,
    lag: () => backlog.lag,
    isFarBehind: () => backlog.isFarBehind,
    lacksMuch: () => backlog.lacksMuch,
    heldBytes: () => alone(() => readHeldBytes(connection)),
    async catchUp(dataset) {
      const table = byName.get(dataset);
      if (table === undefined) return `${dataset} is not copied`;
      // The feed will copy the rest. A page per question would take the time that the feed leaves
      // to questions.
      const lacked = backlog.of(table) ?? 0;
      if (lacked > mostRowsBehind) return describeLag(lacked);
      const start = performance.now();
      // The caller of the feed learns of its failure.
      if (pages.isFilling(table)) {
        isAwaited = true;
        await filling.catch(() => undefined);
      }
      for (;;) {
        const left = await alone(() => pages.next(table, pageRows));
        if (left <= 0) return null;
        const isLate = performance.now() - start > patienceMs(dataset);
        if (left > mostRowsBehind || isLate) return describeLag(left);
      }
    },
    async feed() {
      const before = pages.copied;
      let isLeft = false;
      for (const table of tables) {
        if (closing) return false;
        if (await feedTable(table)) isLeft = true;
      }
      // Nothing came meanwhile, so this is a good time to give back the memory of the log.
      if (pages.copied === before && !isLeft && !closing) await alone(pages.checkpoint);
      return isLeft;
    },
    async tidy() {
      const expired = await source.expired();
      for (const table of tables) {
        if (closing) return;
        if (await removeExpired(table, expired)) pages.noteRemoval();
      }
      if (!closing) await alone(pages.checkpoint);
    },
    connections,
    async close() {
      closing = true;
      // First, so that nobody waits for a read under way.
      await source.close();
      await filling.catch(() => undefined);
      await alone(async () => {
        connections.close();
        close();
      });
    },
  };
}

async function readHeldBytes(connection: DuckDBConnection): Promise<number> {
  const held = await connection.runAndReadAll('select sum(memory_usage_bytes) from duckdb_memory()');
  return Number(held.getRows()[0]?.[0] ?? 0);
}

/**
 * Removes expired rows from tables, unless they are the ones that it removed last.
 *
 * @returns whether it removed any
 */
function createExpiry(alone: ReturnType<typeof createSerial>) {
  const applied = new Map<CopiedTable, string>();
  return async (table: CopiedTable, ofAll: readonly ExpiredRows[]): Promise<boolean> => {
    const expired = ofAll.filter(({ dataset }) => dataset === table.dataset.name);
    const asText = JSON.stringify(expired);
    if (expired.length === 0 || applied.get(table) === asText) return false;
    await alone(() => table.removeExpired(expired));
    applied.set(table, asText);
    return true;
  };
}

/** Checks after each new connection whether the rows are still those that were copied. */
function createDatabaseCheck(source: RowSource, tables: readonly CopiedTable[]): () => Promise<void> {
  let known = source.connections;
  return async () => {
    const { connections } = source;
    if (connections === known) return;
    if (!(await isOfThisDatabase(await evidenceOf(tables), source))) throw new Error(OTHER_DATABASE);
    known = connections;
  };
}

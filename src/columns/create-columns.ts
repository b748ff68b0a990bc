import { existsSync } from 'node:fs';
import type { Dataset } from '../core/dataset/dataset.ts';
import { holderOf } from '../core/dataset/field.ts';
import { AT_ONCE, type Pass } from '../storage/row-parts.ts';
import type { Store } from '../storage/store.ts';
import { tablesWithRows } from '../storage/tables-with-rows.ts';
import { createCopyQuestions } from './ask-copy.ts';
import type { Columns } from './columns.ts';
import { createCopyKeeper } from './copy-keeper.ts';
import { heldColumns } from './held-columns.ts';
import type { CopySettings } from './protocol.ts';
import { createColumnsQuery } from './query.ts';

export interface ColumnsOptions {
  /** The database with the rows. */
  readonly databaseUrl: string;
  /** The file of the copy. */
  readonly file: string;
  readonly datasets: readonly Dataset[];
  readonly settings: Omit<CopySettings, 'patienceMs'> & Partial<CopySettings>;
  /**
   * The copy begins when a dataset has this many events. Until then, its rows answer fast enough.
   */
  readonly fromEvents: number;
  readonly store: Pick<Store, 'query' | 'scope' | 'isReading'>;
  /**
   * Resolves when the caller may work for that many microseconds on the event loop. Default: at
   * once.
   */
  readonly pass?: Pass;
  /** Called with a sentence that says what is wrong with the copy. The rows answer meanwhile. */
  onProblem(problem: string): void;
}

/** How long a question waits for the copy. */
const PATIENCE_MS = 500;
/**
 * How often the size of the datasets is checked until the copy begins. Whatever arrives between two
 * checks has to be copied as well.
 */
const CHECK_EVERY_MS = 1_000;

/** The columns as their owner sees them. */
export interface OwnColumns extends Columns {
  /** Checks now, and then regularly, whether the copy should begin. A question checks as well. */
  start(): void;
  /**
   * The names of the datasets that are too far behind to answer, or that a copy with a problem
   * cannot answer. Also empty before the copy begins. If little is missing, this copies it.
   */
  late(): Promise<readonly string[]>;
  /**
   * The maximum number of events of each dataset that the copy lacked at its last check, about a
   * second ago. Infinite if nobody has counted them. Empty before the copy begins, or while it
   * cannot be asked.
   */
  lag(): Promise<ReadonlyMap<string, number>>;
  /** Stops checking. The copy continues until `close`. */
  stop(): Promise<void>;
}

/**
 * Keeps a columnar copy of a database in a file, which a separate thread owns. The thread is
 * started when the database is large enough.
 */
export function createColumns(options: ColumnsOptions): OwnColumns {
  const { databaseUrl, file, settings, store, fromEvents, onProblem } = options;
  const { pass = AT_ONCE } = options;
  const datasets = options.datasets.map(({ name, table, columns, corrected }) => ({
    ...{ name, table, columns, corrected },
  }));
  const keeper = createCopyKeeper(
    { file, databaseUrl, datasets, settings: { patienceMs: PATIENCE_MS, ...settings } },
    { onProblem, isReading: store.isReading },
  );
  const held = new Map(
    options.datasets.map((dataset) => [
      dataset.name,
      new Set(heldColumns(dataset).map(({ column }) => column.name)),
    ]),
  );
  const questions = createCopyQuestions(keeper, store, pass);
  const isLarge = createSizeCheck(options);
  let timer: NodeJS.Timeout | undefined;

  const check = (): void => {
    isLarge().then(
      (large) => large && keeper.thread(),
      // A server that stops ends its reads.
      (error: unknown) => timer !== undefined && onProblem(String(error)),
    );
  };

  async function stop(): Promise<void> {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    start() {
      if (timer !== undefined) return;
      timer = setInterval(check, CHECK_EVERY_MS).unref();
      check();
    },
    stop,
    query: createColumnsQuery(questions.read, pass),
    holds: (dataset, fields) =>
      fields.every((field) => held.get(dataset.name)?.has(holderOf(field)) ?? false),
    async catchUp(dataset) {
      if (!(await isLarge())) return `the columns begin at ${fromEvents.toLocaleString('en')} events`;
      return questions.catchUp(dataset.name);
    },
    async late() {
      if (!(await isLarge())) return [];
      const late: string[] = [];
      for (const { name } of datasets) if ((await questions.catchUp(name)) !== null) late.push(name);
      return late;
    },
    async lag() {
      return (await isLarge()) ? questions.lag() : new Map();
    },
    async close() {
      await stop();
      await keeper.close();
    },
  };
}

/**
 * Whether a dataset has this many events, or once had them and so has a copy: rows that are removed
 * must be removed from the copy, too. Once true, this stays true. Until then, the database is asked
 * only now and then, and reads at most that many entries of an index.
 */
function createSizeCheck({ store, datasets, fromEvents, file }: ColumnsOptions): () => Promise<boolean> {
  let isLarge = fromEvents === 0 || existsSync(file);
  let checkedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (isLarge || performance.now() - checkedAt < CHECK_EVERY_MS) return isLarge;
    checkedAt = performance.now();
    isLarge = (await tablesWithRows(store.query, datasets, fromEvents)).size > 0;
    return isLarge;
  };
}

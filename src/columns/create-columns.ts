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
   * The copy begins when a dataset has so many events; until then, its rows answer fast enough.
   */
  readonly fromEvents: number;
  readonly store: Pick<Store, 'query' | 'scope' | 'isReading'>;
  /** Resolves when it is the turn of so many microseconds of work on the event loop. Default: at once. */
  readonly pass?: Pass;
  /** Told what is wrong with the copy, in a sentence. The rows answer meanwhile. */
  onProblem(problem: string): void;
}

/** How long a question waits for the copy. */
const PATIENCE_MS = 500;
/**
 * How often the size of the datasets is read, until the copy begins. What comes meanwhile has to be
 * copied then.
 */
const CHECK_EVERY_MS = 1_000;

/** The columns, before anybody asks them. */
export interface OwnColumns extends Columns {
  /** Looks now, and then regularly, whether the copy is to begin. A question looks as well. */
  start(): void;
  /**
   * The names of the datasets that are too far behind to answer, or that a copy with a problem cannot
   * answer. Empty as well before the copy begins. It copies what little is missing.
   */
  late(): Promise<readonly string[]>;
  /**
   * How many events of each dataset the copy lacked when it last looked, about a second ago, at most.
   * Infinite if nobody has counted them. Empty before the copy begins, or while it cannot be asked.
   */
  lag(): Promise<ReadonlyMap<string, number>>;
  /** Looks no more. The copy goes on until `close`. */
  stop(): Promise<void>;
}

/**
 * Keeps a copy by columns of a database in a file. A thread of its own owns the file. It is started
 * when the database is large enough.
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
 * Whether a dataset has so many events, or had, so that there is a copy: what is removed from the rows
 * has to go from it, too. Once that is so, it stays so; before, the database is asked only now and then.
 * It reads that many entries of an index at most.
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

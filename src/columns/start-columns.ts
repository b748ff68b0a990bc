import { holderOf } from '../core/dataset/attribute.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { createTurns } from '../storage/dialect/turns.ts';
import type { Store } from '../storage/store.ts';
import { type Columns, ColumnsUnavailable } from './columns.ts';
import { createCopyKeeper } from './copy-keeper.ts';
import { copyFileOf } from './copy-path.ts';
import type { CopyThread } from './copy-thread.ts';
import { heldColumns } from './held-columns.ts';
import type { CopyParameter, CopySettings, ReadResult } from './protocol.ts';
import { createColumnsQuery } from './query.ts';

export interface ColumnsOptions {
  /** The SQLite file with the rows. */
  readonly rows: string;
  readonly datasets: readonly Dataset[];
  readonly settings: Omit<CopySettings, 'patienceMs'> & Partial<CopySettings>;
  /**
   * The copy begins when a dataset has had so many events; until then, its rows answer fast enough.
   */
  readonly fromEvents: number;
  readonly store: Pick<Store, 'query' | 'scope'>;
  /** Told what is wrong with the copy, in a sentence. The rows answer meanwhile. */
  onProblem(problem: string): void;
}

/** How long a question waits for the copy. */
const PATIENCE_MS = 500;
/** How often the size of the datasets is read, until the copy begins. */
const CHECK_EVERY_MS = 10_000;

/**
 * Keeps a copy by columns of an SQLite database in a file beside it. A thread of its own owns the
 * file. It is started when the database is large enough, at the latest when the first question
 * comes after that.
 */
export function startColumns(options: ColumnsOptions): Columns {
  const { rows, settings, store, fromEvents, onProblem } = options;
  const datasets = options.datasets.map(({ name, table, columns }) => ({ name, table, columns }));
  const file = copyFileOf(rows);
  const keeper = createCopyKeeper(
    { file, rows, datasets, settings: { patienceMs: PATIENCE_MS, ...settings } },
    onProblem,
  );
  const held = new Map(
    options.datasets.map((dataset) => [
      dataset.name,
      new Set(heldColumns(dataset).map(({ column }) => column.name)),
    ]),
  );
  // One question at a time leaves processors and memory to the rest; projects take turns.
  const turns = createTurns(['question']);
  const isLarge = createSizeCheck(store, fromEvents);

  async function read(sql: string, parameters: readonly unknown[]): Promise<ReadResult> {
    const scope = store.scope();
    const turn = await turns.take(scope);
    try {
      const limits = scope.meter?.left() ?? null;
      const request = { kind: 'read', sql, parameters: parameters as CopyParameter[], limits } as const;
      const result = await running(keeper.thread()).request<ReadResult>(request, scope.signal);
      scope.meter?.count({ rows: result.rows.length, bytes: result.bytes });
      return result;
    } finally {
      turn.end();
    }
  }

  const timer = setInterval(() => {
    isLarge().then(
      (large) => large && keeper.thread(),
      (error: unknown) => onProblem(String(error)),
    );
  }, CHECK_EVERY_MS);
  timer.unref();

  return {
    query: createColumnsQuery(read),
    holds: (dataset, fields) =>
      fields.every((field) => held.get(dataset.name)?.has(holderOf(field)) ?? false),
    async catchUp(dataset) {
      if (!(await isLarge())) return `the columns begin at ${fromEvents.toLocaleString('en')} events`;
      const thread = keeper.thread();
      if (typeof thread === 'string') return thread;
      const request = { kind: 'catch-up', dataset: dataset.name } as const;
      return thread.request<string | null>(request, store.scope().signal).catch((error: unknown) => {
        if (error instanceof ColumnsUnavailable) return `the columns have failed: ${error.message}`;
        throw error;
      });
    },
    async close() {
      clearInterval(timer);
      await keeper.close();
    },
  };
}

/** @throws ColumnsUnavailable if no thread runs */
function running(thread: CopyThread | string): CopyThread {
  if (typeof thread === 'string') throw new ColumnsUnavailable(thread);
  return thread;
}

/**
 * Whether a dataset has had so many events, removed ones too. Once that is so, it stays so; before, the database is asked
 * only now and then.
 */
function createSizeCheck({ query }: Pick<Store, 'query'>, fromEvents: number): () => Promise<boolean> {
  let isLarge = fromEvents === 0;
  let checkedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (isLarge || performance.now() - checkedAt < CHECK_EVERY_MS) return isLarge;
    checkedAt = performance.now();
    const found = await query
      .selectFrom('arrivals')
      .select((expression) => expression.fn.max('last').as('most'))
      .executeTakeFirst();
    isLarge ||= Number(found?.most ?? 0) >= fromEvents;
    return isLarge;
  };
}

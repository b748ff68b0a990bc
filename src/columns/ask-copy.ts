import { createTurns } from '../storage/dialect/turns.ts';
import { fromParts, type Pass } from '../storage/row-parts.ts';
import type { Store } from '../storage/store.ts';
import { ColumnsUnavailable } from './columns.ts';
import type { CopyKeeper } from './copy-keeper.ts';
import type { CopyThread } from './copy-thread.ts';
import type { CopyParameter, ReadResult, SentResult } from './protocol.ts';

/** Asks the thread of the copy, within the limits of the caller. */
export interface CopyQuestions {
  /** @throws ColumnsUnavailable if no thread runs, or it fails */
  read(sql: string, parameters: readonly CopyParameter[]): Promise<ReadResult>;
  /**
   * @returns null once the copy has every event of a dataset; otherwise the reason why it cannot
   *   answer
   */
  catchUp(dataset: string): Promise<string | null>;
  /** Empty while the thread cannot be asked. */
  lag(): Promise<ReadonlyMap<string, number>>;
}

export function createCopyQuestions(
  keeper: Pick<CopyKeeper, 'thread'>,
  store: Pick<Store, 'scope'>,
  pass: Pass,
): CopyQuestions {
  // One question at a time leaves processors and memory to the rest. Projects take turns.
  const turns = createTurns(['question']);

  return {
    async read(sql, parameters) {
      const scope = store.scope();
      const turn = await turns.take(scope);
      try {
        const limits = scope.meter?.left() ?? null;
        const request = { kind: 'read', sql, parameters, limits } as const;
        const sent = await running(keeper.thread()).request<SentResult>(request, scope.signal);
        const rows = await fromParts(sent, pass);
        scope.meter?.count({ rows: rows.length, bytes: sent.bytes });
        return { columns: sent.columns, rows, bytes: sent.bytes };
      } finally {
        turn.end();
      }
    },
    async catchUp(dataset) {
      const thread = keeper.thread();
      if (typeof thread === 'string') return thread;
      const request = { kind: 'catch-up', dataset } as const;
      return thread.request<string | null>(request, store.scope().signal).catch((error: unknown) => {
        if (error instanceof ColumnsUnavailable) return `the columns have failed: ${error.message}`;
        throw error;
      });
    },
    async lag() {
      const thread = keeper.thread();
      if (typeof thread === 'string') return new Map();
      const request = { kind: 'lag' } as const;
      return thread
        .request<ReadonlyMap<string, number>>(request, store.scope().signal)
        .catch((error: unknown) => {
          if (error instanceof ColumnsUnavailable) return new Map();
          throw error;
        });
    },
  };
}

/** @throws ColumnsUnavailable if no thread runs */
function running(thread: CopyThread | string): CopyThread {
  if (typeof thread === 'string') throw new ColumnsUnavailable(thread);
  return thread;
}

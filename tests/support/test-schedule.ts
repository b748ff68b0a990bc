import type { Schedule } from '../../src/runtime/schedule.ts';

/** A schedule that does its work when the test says so. */
export interface TestSchedule extends Schedule {
  /** Does all that is to be done once; resolves when it is done. */
  round(): Promise<void>;
  /** Milliseconds between rounds of what has not been stopped. */
  readonly intervals: readonly number[];
}

export function createTestSchedule(): TestSchedule {
  const repeated = new Map<
    AbortController,
    { everyMs: number; work: (signal: AbortSignal) => Promise<void> }
  >();
  const running = new Set<Promise<unknown>>();

  return {
    repeat(everyMs, work) {
      const controller = new AbortController();
      repeated.set(controller, { everyMs, work });
      return {
        async stop() {
          controller.abort();
          repeated.delete(controller);
          await Promise.allSettled(running);
        },
      };
    },
    async round() {
      const works = [...repeated].map(([{ signal }, { work }]) => work(signal));
      const all = Promise.all(works);
      running.add(all);
      await all.finally(() => running.delete(all));
    },
    get intervals() {
      return [...repeated.values()].map(({ everyMs }) => everyMs);
    },
  };
}

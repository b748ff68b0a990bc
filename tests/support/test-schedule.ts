import type { Schedule } from '../../src/runtime/schedule.ts';

/** A schedule whose work runs when the test says so. */
export interface TestSchedule extends Schedule {
  /** Runs all scheduled work once; resolves when it has ended. */
  round(): Promise<void>;
  /** Milliseconds between runs of each job that was not stopped. */
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

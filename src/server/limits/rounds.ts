import { defined } from '../../core/defined.ts';
/** Visits everything that is added once per period, by one timer for all. */
export interface Rounds {
  /** Returns how to call it off. */
  add(visit: () => void): () => void;
}

/** The visits are spread over the period: thousands at once would hold the event loop. */
const SLOTS = 8;

/** @param periodMs the first visit comes sooner than that */
export function createRounds(periodMs: number): Rounds {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>());
  let added = 0;
  let size = 0;
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  function visitNext(): void {
    turn = (turn + 1) % SLOTS;
    for (const visit of slots[turn] ?? []) visit();
  }

  return {
    add(visit) {
      const slot = defined(slots[added++ % SLOTS]);
      slot.add(visit);
      size += 1;
      timer ??= setInterval(visitNext, periodMs / SLOTS);
      return () => {
        if (!slot.delete(visit)) return;
        size -= 1;
        if (size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

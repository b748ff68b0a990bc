import { defined } from '../../core/defined.ts';
/** Visits everything that is added once per period, with one timer for all. */
export interface Rounds {
  /** Returns a function that ends the visits. */
  add(visit: () => void): () => void;
}

/** Visits are spread over the period: thousands at once would block the event loop. */
const SLOTS = 8;

/** @param periodMs the first visit happens sooner */
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

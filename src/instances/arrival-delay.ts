import { type Arrivals, covers } from '../storage/positions.ts';

/** How late events are published. */
export interface ArrivalDelay {
  /** Events are committed up to here. */
  committed(upTo: Arrivals): void;
  /** Events are published up to here. */
  published(upTo: Arrivals): void;
  /**
   * For how many milliseconds the oldest unpublished event has been known to be committed; 0 if
   * there is none.
   */
  ms(): number;
}

export function createArrivalDelay(now: () => number = () => performance.now()): ArrivalDelay {
  const waiting: { readonly upTo: Arrivals; readonly since: number }[] = [];
  return {
    committed(upTo) {
      const last = waiting.at(-1);
      if (last === undefined || !covers(last.upTo, upTo)) waiting.push({ upTo, since: now() });
    },
    published(position) {
      while (waiting[0] !== undefined && covers(position, waiting[0].upTo)) waiting.shift();
    },
    ms() {
      return waiting[0] === undefined ? 0 : now() - waiting[0].since;
    },
  };
}

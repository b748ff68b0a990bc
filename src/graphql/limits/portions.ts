import { setImmediate as nextTurn } from 'node:timers/promises';

/** Hands out work in portions, so that other work of the event loop gets its turn in between. */
export interface Portions {
  /** Resolves when so many items may be worked on. */
  pass(items: number): Promise<void>;
}

interface Waiting {
  readonly items: number;
  go(): void;
}

/** @param perTurn how many items pass in one turn of the event loop; a larger portion passes alone. */
export function createPortions(perTurn: number): Portions {
  const line: Waiting[] = [];
  let used = 0;
  let open = false;

  /** Begins the next turn when this one is over; the line goes first. */
  async function serve(): Promise<void> {
    open = true;
    while (used > 0) {
      await nextTurn();
      used = 0;
      while (line.length > 0 && fits(line[0] as Waiting)) {
        const next = line.shift() as Waiting;
        used += next.items;
        next.go();
      }
    }
    open = false;
  }

  const fits = ({ items }: Pick<Waiting, 'items'>) => used === 0 || used + items <= perTurn;

  return {
    pass(items) {
      if (items === 0) return Promise.resolve();
      if (line.length > 0 || !fits({ items })) {
        return new Promise((go) => line.push({ items, go }));
      }
      used += items;
      if (!open) void serve();
      return Promise.resolve();
    },
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Hands out work in portions, so that other work of the event loop gets its turn in between. */
export interface Portions {
  /**
   * Resolves when the caller may work for so long, in microseconds. An estimate is enough: it says
   * how much work fits into one turn of the event loop.
   */
  pass(microseconds: number): Promise<void>;
}

interface Waiting {
  readonly microseconds: number;
  go(): void;
}

/** What others notice of a turn: some milliseconds. */
const PER_TURN = 5_000;

/**
 * All work of one event loop must share one of them: each fills its turns alone.
 *
 * @param perTurn microseconds of work in one turn of the event loop; a larger portion passes alone.
 */
export function createPortions(perTurn: number = PER_TURN): Portions {
  const line: Waiting[] = [];
  let used = 0;
  let open = false;

  /** Begins the next turn when this one is over; the line goes first. */
  async function serve(): Promise<void> {
    open = true;
    while (used > 0) {
      await nextTurn();
      used = 0;
      for (let next = line[0]; next !== undefined && fits(next); next = line[0]) {
        line.shift();
        used += next.microseconds;
        next.go();
      }
    }
    open = false;
  }

  const fits = ({ microseconds }: Pick<Waiting, 'microseconds'>) =>
    used === 0 || used + microseconds <= perTurn;

  return {
    pass(microseconds) {
      if (microseconds === 0) return Promise.resolve();
      if (line.length > 0 || !fits({ microseconds })) {
        return new Promise((go) => line.push({ microseconds, go }));
      }
      used += microseconds;
      if (!open) void serve();
      return Promise.resolve();
    },
  };
}

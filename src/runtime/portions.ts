import { setImmediate as nextTurn } from 'node:timers/promises';

/** Divides work into turns, so that other work of the event loop runs in between. */
export interface Portions {
  /**
   * Resolves when the caller may work for this many microseconds. An estimate is enough: it
   * determines how much work fits into one turn of the event loop.
   */
  pass(microseconds: number): Promise<void>;
}

interface Waiting {
  readonly microseconds: number;
  go(): void;
}

/**
 * The length of a turn, which delays other work. Half of it does not reduce that delay
 * (`npm run bench:postgresql`); twice as much increases it.
 */
const PER_TURN = 2_500;
/** Shorter work does not queue: a small request beside large ones. */
const LITTLE = 100;

/**
 * All work of one event loop must share one instance, because each instance fills turns of its own.
 *
 * @param perTurn microseconds of work in one turn of the event loop; larger work gets a turn of its
 *   own.
 */
export function createPortions(perTurn: number = PER_TURN): Portions {
  const line: Waiting[] = [];
  const little: Waiting[] = [];
  const next = (): Waiting[] => (little.length > 0 ? little : line);
  let used = 0;
  let open = false;

  /** Begins the next turn when this one is over; waiting callers go first. */
  async function serve(): Promise<void> {
    open = true;
    while (used > 0) {
      await nextTurn();
      used = 0;
      for (let [waiting] = next(); waiting !== undefined && fits(waiting); [waiting] = next()) {
        next().shift();
        used += waiting.microseconds;
        waiting.go();
      }
    }
    open = false;
  }

  const fits = ({ microseconds }: Pick<Waiting, 'microseconds'>) =>
    used === 0 || used + microseconds <= perTurn;

  return {
    pass(microseconds) {
      if (microseconds === 0) return Promise.resolve();
      const queue = microseconds <= LITTLE ? little : line;
      if (queue.length > 0 || !fits({ microseconds })) {
        return new Promise((go) => queue.push({ microseconds, go }));
      }
      used += microseconds;
      if (!open) void serve();
      return Promise.resolve();
    },
  };
}

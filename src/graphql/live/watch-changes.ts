import { iterateInTurn } from './iterate-in-turn.ts';

/** A value that is watched. */
export interface Watched<Value> {
  /** The present value. */
  read(): Promise<Value>;
  /**
   * Resolves with true when the value may have changed, with false when there is nothing more to
   * come.
   */
  wait(): Promise<boolean>;
  changed(before: Value, now: Value): boolean;
  /** Called once at the end, whoever ends it. A running `wait` must resolve with false. */
  stop(): void;
}

/**
 * The present value at once, then each change of it: the source of a subscription. Nothing is read
 * and nothing waits while the subscriber does not ask for more, so a slow one costs nothing and
 * gets the newest value next. An error ends it.
 */
export function watchChanges<Value>(watched: Watched<Value>): AsyncIterableIterator<Value> {
  let last: { readonly value: Value } | null = null;
  let ended = false;

  function end(): void {
    if (ended) return;
    ended = true;
    watched.stop();
  }

  async function advance(): Promise<IteratorResult<Value>> {
    try {
      while (!ended && (last === null || (await watched.wait()))) {
        const value = await watched.read();
        if (ended || (last !== null && !watched.changed(last.value, value))) continue;
        last = { value };
        return { done: false, value };
      }
    } catch (error) {
      end();
      throw error;
    }
    end();
    return { done: true, value: undefined };
  }

  return iterateInTurn({ advance, end });
}

import { iterateInTurn } from './iterate-in-turn.ts';

/** A value to watch. */
export interface Watched<Value> {
  /** Returns the current value. */
  read(): Promise<Value>;
  /**
   * Resolves with true when the value may have changed, and with false when no more changes will
   * come.
   */
  wait(): Promise<boolean>;
  changed(before: Value, now: Value): boolean;
  /** Called once at the end, for any reason. A pending `wait` must then resolve with false. */
  stop(): void;
}

/**
 * The source of a subscription: yields the current value at once, then each change. It reads and
 * waits only while the subscriber asks for the next value. So a slow subscriber costs nothing, and
 * gets the newest value next. An error ends the iterator.
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

import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The running subscriptions of all transports. */
export interface RunningSubscriptions {
  readonly plugin: Plugin;
  readonly count: number;
  /**
   * Ends them all as if there were no more events. Clients get a regular completion, not a broken
   * connection.
   */
  end(): void;
}

type Results = AsyncIterableIterator<ExecutionResult>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export function trackSubscriptions(): RunningSubscriptions {
  const running = new Set<() => void>();
  return {
    get count() {
      return running.size;
    },
    end() {
      for (const end of [...running]) end();
    },
    plugin: {
      onSubscribe: () => ({
        onSubscribeResult({ result, setResult }) {
          if (Symbol.asyncIterator in result) setResult(endable(result, running));
        },
      }),
    },
  };
}

/** Wraps the results so that they can end without waiting for the next one. */
function endable(results: Results, running: Set<() => void>): Results {
  const source = results[Symbol.asyncIterator]();
  let ended = false;
  let endWaiting: (() => void) | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    running.delete(end);
    endWaiting?.();
    // The outcome of the source's own end does not matter any more.
    void source.return?.().then(ignore, ignore);
  }

  function settle(result: IteratorResult<ExecutionResult>): IteratorResult<ExecutionResult> {
    if (result.done) end();
    return ended ? DONE : result;
  }

  running.add(end);
  return {
    next() {
      if (ended) return Promise.resolve(DONE);
      // Not Promise.race: the promise of the end is long-lived and would keep every result in
      // memory.
      return new Promise((resolve, reject) => {
        endWaiting = () => resolve(DONE);
        source.next().then(
          (result) => resolve(settle(result)),
          (error) => {
            // Reject before the end, which would look like a success to the reader.
            reject(error);
            end();
          },
        );
      });
    },
    return() {
      end();
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function ignore(): void {}

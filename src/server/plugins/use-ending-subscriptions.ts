import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The subscriptions that run now, of all transports. */
export interface RunningSubscriptions {
  readonly plugin: Plugin;
  readonly count: number;
  /**
   * Ends them all as if each had no more events: their clients get a regular completion, not a
   * broken connection.
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
          if (Symbol.asyncIterator in result) setResult(endable(result as Results, running));
        },
      }),
    },
  };
}

/** The same results, and an end that need not wait for the next one. */
function endable(results: Results, running: Set<() => void>): Results {
  const source = results[Symbol.asyncIterator]();
  let ended = false;
  let endWaiting: (() => void) | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    running.delete(end);
    endWaiting?.();
    // What the source says about its own end interests nobody any more.
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
      // No Promise.race: a promise for the end that outlives each result would keep all of them in
      // memory.
      return new Promise((resolve, reject) => {
        endWaiting = () => resolve(DONE);
        source.next().then(
          (result) => resolve(settle(result)),
          (error) => {
            // Before the end, which would tell the reader that all is well.
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

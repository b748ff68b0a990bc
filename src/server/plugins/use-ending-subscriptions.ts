import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/** The running subscriptions of all transports. */
export interface RunningSubscriptions {
  readonly plugin: Plugin<Context>;
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
      onSubscribe: ({ args }) => ({
        onSubscribeResult({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) return;
          const { caller } = args.contextValue;
          setResult(endable(result, running, caller.signal));
        },
      }),
    },
  };
}

/**
 * Wraps the results so that they can end without waiting for the next one. If the caller loses
 * access, their last result is an error that says why.
 */
function endable(results: Results, running: Set<() => void>, access: AbortSignal): Results {
  const source = results[Symbol.asyncIterator]();
  let ended = false;
  let last: ExecutionResult | undefined;
  let endWaiting: (() => void) | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    running.delete(end);
    access.removeEventListener('abort', refuse);
    endWaiting?.();
    // The outcome of the source's own end does not matter any more.
    void source.return?.().then(ignore, ignore);
  }

  function refuse(): void {
    last = { errors: [new GraphQLError(String(access.reason), { extensions: { code: 'UNAUTHENTICATED' } })] };
    end();
  }

  /** What a reader gets after the end: the last result once, then the completion. */
  function final(): IteratorResult<ExecutionResult> {
    if (last === undefined) return DONE;
    const value = last;
    last = undefined;
    return { done: false, value };
  }

  function settle(result: IteratorResult<ExecutionResult>): IteratorResult<ExecutionResult> {
    if (result.done) end();
    return ended ? final() : result;
  }

  running.add(end);
  if (access.aborted) refuse();
  else access.addEventListener('abort', refuse);
  return {
    next() {
      if (ended) return Promise.resolve(final());
      // Not Promise.race: the promise of the end is long-lived and would keep every result in
      // memory.
      return new Promise((resolve, reject) => {
        endWaiting = () => resolve(final());
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

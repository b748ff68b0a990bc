import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { type SharedResults, sharedResultsOf } from '../../graphql/live/sharing/shared-results.ts';

/** The running subscriptions of all transports. */
export interface RunningSubscriptions {
  readonly plugin: Plugin<Context>;
  readonly count: number;
  /**
   * Ends all of them as if there were no more events. Clients get a regular completion, not a
   * broken connection.
   */
  end(): void;
}

type Results = AsyncIterableIterator<ExecutionResult>;

/** A running subscription. */
interface Running {
  /** Ends it. The client gets the last result before the completion, if there is one. */
  end(last?: ExecutionResult): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export function trackSubscriptions(): RunningSubscriptions {
  const running = createRunning();
  return {
    get count() {
      return running.count;
    },
    end: running.endAll,
    plugin: {
      onSubscribe: ({ args }) => ({
        onSubscribeResult({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) return;
          const { signal } = args.contextValue.caller;
          const shared = sharedResultsOf(args.contextValue);
          if (shared === undefined) setResult(endable(result, running, signal));
          else track(shared, running, signal);
        },
      }),
    },
  };
}

interface RunningSet {
  readonly count: number;
  /**
   * Adds a subscription. When the caller loses access, it ends with an error that says why.
   *
   * @returns a function to call when it has ended
   */
  add(one: Running, access: AbortSignal): () => void;
  endAll(): void;
}

/** The subscriptions of a caller, and of those that lose access together with it. */
interface WithAccess {
  readonly all: Set<Running>;
  readonly forget: () => void;
}

/** Listens to each signal once, however many subscriptions depend on it. */
function createRunning(): RunningSet {
  const byAccess = new Map<AbortSignal, WithAccess>();

  function open(access: AbortSignal): WithAccess {
    const all = new Set<Running>();
    const refuse = () => {
      for (const one of [...all]) one.end(refusal(access));
    };
    access.addEventListener('abort', refuse);
    const forget = () => access.removeEventListener('abort', refuse);
    const opened = { all, forget };
    byAccess.set(access, opened);
    return opened;
  }

  return {
    get count() {
      let count = 0;
      for (const { all } of byAccess.values()) count += all.size;
      return count;
    },
    add(one, access) {
      const { all, forget } = byAccess.get(access) ?? open(access);
      all.add(one);
      return () => {
        all.delete(one);
        if (all.size > 0 || byAccess.get(access)?.all !== all) return;
        byAccess.delete(access);
        forget();
      };
    },
    endAll() {
      for (const { all } of [...byAccess.values()]) for (const one of [...all]) one.end();
    },
  };
}

function track(results: SharedResults, running: RunningSet, access: AbortSignal): void {
  results.whenEnded(running.add(results, access));
  if (access.aborted) results.end(refusal(access));
}

function refusal({ reason }: AbortSignal): ExecutionResult {
  return { errors: [new GraphQLError(String(reason), { extensions: { code: 'UNAUTHENTICATED' } })] };
}

/** Wraps the results so that they can end without waiting for the next one. */
function endable(results: Results, running: RunningSet, access: AbortSignal): Results {
  const source = results[Symbol.asyncIterator]();
  let ended = false;
  let last: ExecutionResult | undefined;
  let endWaiting: (() => void) | undefined;
  const forget = running.add({ end }, access);

  function end(given?: ExecutionResult): void {
    if (ended) return;
    ended = true;
    last = given;
    forget();
    endWaiting?.();
    // The outcome of ending the source no longer matters.
    void source.return?.().then(ignore, ignore);
  }
  /** What a reader gets after the end: the last result once, then completion. */
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

  if (access.aborted) end(refusal(access));
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
            // Rejects before the end, which would look like a success to the reader.
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

import type { ExecutionResult } from 'graphql';
import { isObject } from '../../../core/is-object.ts';

/**
 * The results of a subscription that shares executions. A transport reads them one by one, or
 * receives them as they come.
 */
export interface SharedResults extends AsyncIterableIterator<ExecutionResult> {
  return(): Promise<IteratorResult<ExecutionResult>>;
  /** Sends all further results to the sink. Nothing may have been read before. */
  handTo(sink: ResultSink): void;
  /** Says that the sink can take the next result. */
  ready(): void;
  /**
   * Ends the subscription at once, as if there were no more events.
   *
   * @param last what the client gets before the end
   */
  end(last?: ExecutionResult): void;
  /**
   * Calls the only listener once, when the subscription has ended for any reason, or at once if it
   * already has.
   */
  whenEnded(listener: () => void): void;
}

/** Receives results. */
export interface ResultSink {
  /** Takes one result. It calls `ready` later, when it can take the next. */
  take(result: ExecutionResult): void;
  end(last: ExecutionResult | undefined): void;
}

/** Keyed by the context of the operation: plugins may wrap the results that they pass on. */
const byContext = new WeakMap<object, SharedResults>();

export function noteSharedResults(context: object, results: SharedResults): void {
  byContext.set(context, results);
}

/** The shared results of the operation with this context, if it shares them. */
export function sharedResultsOf(context: unknown): SharedResults | undefined {
  return isObject(context) ? byContext.get(context) : undefined;
}

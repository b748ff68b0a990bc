import type { ExecutionResult } from 'graphql';
import { isObject } from '../../../core/is-object.ts';

/**
 * The results of a subscription that shares its executions. A transport reads them one by one, or
 * takes them as they come.
 */
export interface SharedResults extends AsyncIterableIterator<ExecutionResult> {
  return(): Promise<IteratorResult<ExecutionResult>>;
  /** From now on the results go to the sink. Nothing may have been read. */
  handTo(sink: ResultSink): void;
  /** The sink can take the next result. */
  ready(): void;
  /**
   * Ends the subscription at once, as if there were no more events.
   *
   * @param last what the client gets before the end
   */
  end(last?: ExecutionResult): void;
  /** Calls the one listener once, when the subscription has ended or if it has, whatever the reason. */
  whenEnded(listener: () => void): void;
}

/** Where results go. */
export interface ResultSink {
  /** Takes one result. It calls `ready` later, when it can take the next. */
  take(result: ExecutionResult): void;
  end(last: ExecutionResult | undefined): void;
}

/** By the context of their operation: plugins may wrap the results that they pass on. */
const byContext = new WeakMap<object, SharedResults>();

export function noteSharedResults(context: object, results: SharedResults): void {
  byContext.set(context, results);
}

/** The results of the operation that has this context, if others share them. */
export function sharedResultsOf(context: unknown): SharedResults | undefined {
  return isObject(context) ? byContext.get(context) : undefined;
}

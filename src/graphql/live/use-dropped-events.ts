import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** How many events the present delivery of an operation skipped, by the operation's context. */
const droppedEvents = new WeakMap<object, number>();

/**
 * Called by a subscription's resolver for each delivery. `context` is that of the operation, one
 * per subscription.
 */
export function noteDroppedEvents(context: object, dropped: number): void {
  if (dropped > 0) droppedEvents.set(context, dropped);
}

/**
 * Tells a subscriber that is too slow what it missed: a result before which events were dropped has
 * `extensions.dropped` with their number.
 */
export function useDroppedEvents(): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult: () => ({
        onNext({ args, result, setResult }) {
          const context = args.contextValue as object;
          const dropped = droppedEvents.get(context);
          if (dropped === undefined) return;
          droppedEvents.delete(context);
          const { extensions, ...rest } = result as ExecutionResult;
          setResult({ ...rest, extensions: { ...extensions, dropped } });
        },
      }),
    }),
  };
}

import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/**
 * Number of events that were dropped before the current delivery, by the context of the operation.
 */
const droppedEvents = new WeakMap<object, number>();

/**
 * The resolver of a subscription calls this for each delivery. `context` is the context of the
 * operation; each subscription has its own.
 */
export function noteDroppedEvents(context: object, dropped: number): void {
  if (dropped > 0) droppedEvents.set(context, dropped);
}

/**
 * Informs slow subscribers of missed events: if events were dropped before a result, its
 * `extensions.dropped` is their number.
 */
export function useDroppedEvents(): Plugin<Context> {
  return {
    onSubscribe: () => ({
      onSubscribeResult: () => ({
        onNext({ args, result, setResult }) {
          const context = args.contextValue;
          const dropped = droppedEvents.get(context);
          if (dropped === undefined) return;
          droppedEvents.delete(context);
          const { extensions, ...rest } = result;
          setResult({ ...rest, extensions: { ...extensions, dropped } });
        },
      }),
    }),
  };
}

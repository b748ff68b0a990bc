import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/** The number of events dropped before the current delivery, by the context of the operation. */
const droppedEvents = new WeakMap<object, number>();

/**
 * The resolver of a subscription calls this for each delivery. `context` is the context of the
 * operation; each subscription has its own.
 */
export function noteDroppedEvents(context: object, dropped: number): void {
  if (dropped > 0) droppedEvents.set(context, dropped);
}

/** The position of the current delivery, by the context of the operation. */
const positions = new WeakMap<object, string>();

/** The resolver of a subscription that can be resumed calls this for each delivery. */
export function notePosition(context: object, position: string | undefined): void {
  if (position !== undefined) positions.set(context, position);
}

/**
 * Informs slow subscribers of missed events: if events were dropped before a result, its
 * `extensions.dropped` is their number. `extensions.position` is the position from which a
 * subscription can resume.
 */
export function useDroppedEvents(): Plugin<Context> {
  return {
    onSubscribe: () => ({
      onSubscribeResult: () => ({
        onNext({ args, result, setResult }) {
          const context = args.contextValue;
          const dropped = droppedEvents.get(context);
          const position = positions.get(context);
          if (dropped === undefined && position === undefined) return;
          droppedEvents.delete(context);
          positions.delete(context);
          const { extensions, ...rest } = result;
          const added = {
            ...(dropped !== undefined && { dropped }),
            ...(position !== undefined && { position }),
          };
          setResult({ ...rest, extensions: { ...extensions, ...added } });
        },
      }),
    }),
  };
}

import type { Deliveries } from '../live/live.ts';

/** The same items. Calls `leave` once, when the iterator has ended or its reader has left. */
export function whenLeft<Item>(
  items: AsyncIterableIterator<Item>,
  leave: () => void,
): AsyncIterableIterator<Item> {
  let hasLeft = false;
  const end = () => {
    if (!hasLeft) leave();
    hasLeft = true;
  };
  return {
    async next() {
      try {
        const result = await items.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      await items.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * The same deliveries, which may also be handed to a receiver. Calls `leave` once, like `whenLeft`.
 */
export function deliveriesWhenLeft<Event>(
  deliveries: Deliveries<Event>,
  leave: () => void,
): Deliveries<Event> {
  let hasLeft = false;
  const left = () => {
    if (!hasLeft) leave();
    hasLeft = true;
  };
  return {
    ...whenLeft(deliveries, left),
    capacity: deliveries.capacity,
    noteDropped: deliveries.noteDropped,
    handTo: (receiver) =>
      deliveries.handTo({
        ...receiver,
        end(failure) {
          left();
          receiver.end(failure);
        },
      }),
  };
}

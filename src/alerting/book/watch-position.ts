import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, Live } from '../../live/live.ts';

/** What another instance has stored is noticed within this time. */
const READ_EVERY_MS = 1_000;

export interface PositionWatchOptions {
  readonly live: Live;
  /** Carries the id of a project after each change on this instance. */
  readonly topic: string;
  /** What is looked up; it never shrinks. */
  position(projectId: string): Promise<number>;
  /** Waits so many milliseconds between two looks. Default: a timer that keeps no process alive. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

type Reading = { readonly position: number } | { readonly error: unknown };

const timer = (milliseconds: number): Promise<unknown> => sleep(milliseconds, undefined, { ref: false });

/**
 * Tells of a position that grows: at once after changes on this instance, and by a look now and
 * then after those of others. One monitor per project looks for all who watch it, and ends when
 * nobody does.
 */
export function createPositionWatch(options: PositionWatchOptions) {
  const monitored = new Set<string>();
  return (projectId: string): AsyncIterableIterator<number> => {
    const topic = `${options.topic}.${projectId}`;
    // A later position says all that an earlier one did.
    const readings = options.live.subscribe<Reading>(topic, { capacity: 1 });
    if (!monitored.has(topic)) {
      monitored.add(topic);
      // Removed in the same turn in which nobody listens, so that the next subscriber starts a new
      // one.
      startMonitor(options, projectId, topic, () => {
        return options.live.hasSubscribers(topic) || !monitored.delete(topic);
      });
    }
    return positionsOf(readings);
  };
}

/**
 * Publishes the position when it has grown, as long as somebody listens. An error is for the
 * subscribers.
 */
function startMonitor(
  { live, topic, position, pause = timer }: PositionWatchOptions,
  projectId: string,
  topicOfReadings: string,
  isHeard: () => boolean,
): void {
  let known = 0;
  /** Looks may overlap: an older answer that comes later tells nothing. */
  async function read(): Promise<void> {
    try {
      const found = await position(projectId);
      if (found <= known) return;
      known = found;
      live.publish<Reading>(topicOfReadings, [{ position: found }]);
    } catch (error) {
      live.publish<Reading>(topicOfReadings, [{ error }]);
    }
  }

  const changes = live.subscribe<string>(topic, { capacity: 1, accepts: (changed) => changed === projectId });
  void (async () => {
    for await (const _ of changes) await read();
  })();
  void (async () => {
    do {
      await read();
      await pause(READ_EVERY_MS);
    } while (isHeard());
    await changes.return?.();
  })();
}

function positionsOf(readings: AsyncIterableIterator<Delivery<Reading>>): AsyncIterableIterator<number> {
  return {
    async next() {
      const { done, value } = await readings.next();
      if (done) return { done, value };
      if ('error' in value.event) throw value.event.error;
      return { done: false, value: value.event.position };
    },
    async return() {
      await readings.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

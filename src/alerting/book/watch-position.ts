import { elsewhere } from '../../live/elsewhere.ts';
import type { Delivery, Live } from '../../live/live.ts';
import { createMonitors, type Pause, pauseByTimer } from '../../live/monitors.ts';

/** If the notice of another instance is lost, its changes are noticed within this time. */
const READ_EVERY_MS = 1_000;

export interface PositionWatchOptions {
  readonly live: Live;
  /**
   * Carries the id of a project after each change on this instance. `elsewhere` of the topic
   * carries it after changes on others.
   */
  readonly topic: string;
  /** Reads the position, which never shrinks. */
  position(projectId: string): Promise<number>;
  /** Waits between two reads. Default: `pauseByTimer`. */
  readonly pause?: Pause;
}

type Reading = { readonly position: number } | { readonly error: unknown };

/**
 * Follows a position that grows: at once after changes on this instance and notices of others, and
 * by a read every second. One monitor per project reads for all its watchers, and ends with the
 * last of them.
 */
export function createPositionWatch(options: PositionWatchOptions) {
  const monitors = createMonitors<Promise<void>>(options.live);
  return (projectId: string): AsyncIterableIterator<number> => {
    const topic = `${options.topic}.${projectId}`;
    // A later position replaces an earlier one.
    const readings = options.live.subscribe<Reading>(topic, { capacity: 1 });
    void monitors(topic, (isWatched) => monitor(options, { projectId, topicOfReadings: topic, isWatched }));
    return positionsOf(readings);
  };
}

interface Monitored {
  readonly projectId: string;
  readonly topicOfReadings: string;
  readonly isWatched: () => boolean;
}

/**
 * Publishes the position when it has grown, as long as there are subscribers. Errors go to the
 * subscribers.
 */
async function monitor(
  { live, topic, position, pause = pauseByTimer }: PositionWatchOptions,
  { projectId, topicOfReadings, isWatched }: Monitored,
): Promise<void> {
  let known = 0;
  /** Reads may overlap: an older result that arrives later is ignored. */
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

  const accepts = (changed: string | null) => changed === projectId || changed === null;
  const changes = [topic, elsewhere(topic)].map((one) =>
    live.subscribe<string | null>(one, { capacity: 1, accepts }),
  );
  async function readAfter(change: AsyncIterable<unknown>): Promise<void> {
    for await (const _ of change) await read();
  }
  async function readPeriodically(): Promise<void> {
    do {
      await read();
      await pause(READ_EVERY_MS);
    } while (isWatched());
    for (const change of changes) await change.return?.();
  }
  await Promise.all([...changes.map(readAfter), readPeriodically()]);
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset, Row } from '../core/dataset/dataset.ts';
import type { Live } from '../live/live.ts';
import type { Context } from './context.ts';
import { watchChanges } from './watch-changes.ts';

/** After new events the state is read again, but not more often than this. */
const TURN_MS = 1_000;
/** Without new events it may change too, because time passes. */
const TURNS_BETWEEN_READS = 5;

/** A state of a project that many may watch. */
export interface WatchedState<State> {
  /** Names it among the states that are watched. */
  readonly name: string;
  /** Whose new events make it worth reading. */
  readonly dataset: Dataset;
  read(context: Context): Promise<State>;
  changed(before: State, now: State): boolean;
  /** Waits so many milliseconds between two looks. Default: a timer that keeps no process alive. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

export type WatchProject<State> = (context: Context) => AsyncIterableIterator<State>;

type Reading<State> = { readonly state: State } | { readonly error: unknown };

/**
 * Watches a state for any number of subscribers: the present one at once, then each change. It is read after new events, at most
 * once a second, and every five seconds without. One monitor per project reads for all, and ends when nobody listens.
 */
export function createProjectWatch<State>(watched: WatchedState<State>): WatchProject<State> {
  const monitored = new WeakMap<Live, Set<string>>();

  function startMonitor(context: Context, topic: string): void {
    const { live } = context.services;
    const topics = monitored.get(live) ?? new Set();
    monitored.set(live, topics);
    if (topics.has(topic)) return;
    topics.add(topic);
    // Removed in the same turn in which nobody listens, so that the next subscriber starts a new one.
    void monitor(watched, context, topic, () => live.hasSubscribers(topic) || !topics.delete(topic));
  }

  return (context) => {
    const topic = `${watched.name}.${context.projectId}`;
    const readings = context.services.live.subscribe<Reading<State>>(topic, { capacity: 1 });
    startMonitor(context, topic);
    let reading: Reading<State> | null = null;
    return watchChanges<State>({
      async read() {
        if (reading === null) return watched.read(context);
        if ('error' in reading) throw reading.error;
        return reading.state;
      },
      async wait() {
        const { done, value } = await readings.next();
        if (!done) reading = value.event;
        return !done;
      },
      changed: watched.changed,
      stop: () => void readings.return?.(),
    });
  };
}

/** Publishes what the state is, as long as somebody listens. Never rejects: an error is for the subscribers. */
async function monitor<State>(
  { dataset, read, pause = timer }: WatchedState<State>,
  context: Context,
  topic: string,
  isHeard: () => boolean,
): Promise<void> {
  const events = noteEvents(context, dataset);
  let waited = 0;
  for (;;) {
    await pause(TURN_MS);
    if (!isHeard()) break;
    if (++waited < TURNS_BETWEEN_READS && !events.takeNew()) continue;
    waited = 0;
    const reading = await read(context).then(
      (state): Reading<State> => ({ state }),
      (error: unknown): Reading<State> => ({ error }),
    );
    context.services.live.publish(topic, [reading]);
  }
  events.stop();
}

const timer = (milliseconds: number): Promise<unknown> => sleep(milliseconds, undefined, { ref: false });

/** Notes that the project has new events. */
function noteEvents({ projectId, services }: Context, { topic, at }: Dataset) {
  const projectAt = at['projectId'] as number;
  const rows = services.live.subscribe<Row>(topic, {
    capacity: 1,
    accepts: (row) => row[projectAt] === projectId,
  });
  let isNew = false;
  void (async () => {
    for await (const _ of rows) isNew = true;
  })();
  return {
    takeNew(): boolean {
      const was = isNew;
      isNew = false;
      return was;
    },
    stop: () => void rows.return?.(),
  };
}

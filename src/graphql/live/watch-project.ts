import type { Dataset } from '../../core/dataset/dataset.ts';
import { createEventCounter } from '../../live/event-counter.ts';
import type { Live } from '../../live/live.ts';
import { createMonitors, type Monitors, type Pause, pauseByTimer } from '../../live/monitors.ts';
import type { Context } from '../context.ts';
import { eachItem } from './each-item.ts';
import { watchChanges } from './watch-changes.ts';

/** Minimum time between two reads. New events cause the next one. */
const TURN_MS = 1_000;
/** The state also changes as time passes, without new events. So it is read this often. */
const TURNS_BETWEEN_READS = 5;

/** A state of a project that many subscribers may watch. */
export interface WatchedState<State> {
  /** A unique name among the watched states. */
  readonly name: string;
  /** New events of these datasets may change the state. */
  readonly datasets: readonly Dataset[];
  read(context: Context): Promise<State>;
  /**
   * Whether a subscriber that has `before` gets `now`. `hasNewEvents`: events were recorded between
   * the two.
   */
  changed(before: State, now: State, hasNewEvents: boolean): boolean;
  /** Waits between two reads. Default: `pauseByTimer`. */
  readonly pause?: Pause;
}

export type WatchProject<State> = (context: Context) => AsyncIterableIterator<State>;

/** A state, and the number of events that the monitor had counted when it was read. */
interface Reading<State> {
  readonly state: State;
  readonly events: number;
}

type Attempt<State> = Reading<State> | { readonly error: unknown };

/** The topic that a monitor publishes to. */
interface MonitoredTopic {
  readonly topic: string;
  /** Counts new events. The monitor stops the counter at its end. */
  readonly counted: EventCount;
  /** Whether the topic has subscribers. */
  readonly isWatched: () => boolean;
}

/**
 * Watches a state for any number of subscribers. Each gets the current state at once, then each
 * change. One monitor per project reads the state for all: after new events, at most once a second,
 * and every five seconds without them. It ends when the last subscriber leaves.
 */
export function createProjectWatch<State>(watched: WatchedState<State>): WatchProject<State> {
  // In tests one schema serves several apps, and each has its own topics.
  const monitors = new WeakMap<Live, Monitors<EventCount>>();

  /** Starts the monitor of the topic unless it runs. Returns the events that it has counted. */
  function startMonitor(context: Context, topic: string): EventCount {
    const { live } = context.services;
    const ofApp = monitors.get(live) ?? createMonitors<EventCount>(live);
    monitors.set(live, ofApp);
    return ofApp(topic, (isWatched) => {
      const counted = countEvents(context, watched.datasets);
      void monitor(watched, context, { topic, counted, isWatched });
      return counted;
    });
  }

  return (context) => {
    const topic = `${watched.name}.${context.projectId}`;
    const attempts = context.services.live.subscribe<Attempt<State>>(topic, { capacity: 1 });
    const counted = startMonitor(context, topic);
    let attempt: Attempt<State> | null = null;
    const readings = watchChanges<Reading<State>>({
      async read() {
        if (attempt === null) return readState(watched, context, counted);
        if ('error' in attempt) throw attempt.error;
        return attempt;
      },
      async wait() {
        const { done, value } = await attempts.next();
        if (!done) attempt = value.event;
        return !done;
      },
      // The monitor may have started to read before the subscriber's own first read. That reading
      // arrives later but is older.
      changed: (before, now) =>
        now.events >= before.events && watched.changed(before.state, now.state, before.events !== now.events),
      stop: () => void attempts.return?.(),
    });
    return eachItem(readings, ({ state }) => [state]);
  };
}

/**
 * Reads the count first, so that an event that arrives during the read of the state counts as new
 * afterwards.
 */
async function readState<State>(
  { read }: WatchedState<State>,
  context: Context,
  counted: EventCount,
): Promise<Reading<State>> {
  const events = counted.get();
  return { state: await read(context), events };
}

/**
 * Publishes the state as long as the topic has subscribers. Never rejects: errors go to the
 * subscribers.
 */
async function monitor<State>(
  watched: WatchedState<State>,
  context: Context,
  { topic, counted, isWatched }: MonitoredTopic,
): Promise<void> {
  const { pause = pauseByTimer } = watched;
  let known = counted.get();
  let waited = 0;
  for (;;) {
    await pause(TURN_MS);
    if (!isWatched()) break;
    if (++waited < TURNS_BETWEEN_READS && counted.get() === known) continue;
    waited = 0;
    known = counted.get();
    const attempt = await readState(watched, context, counted).catch(
      (error: unknown): Attempt<State> => ({ error }),
    );
    context.services.live.publish(topic, [attempt]);
  }
  counted.stop();
}

/** Counts the new events of the project that this instance learns of. */
interface EventCount {
  get(): number;
  stop(): void;
}

function countEvents({ projectId, services }: Context, datasets: readonly Dataset[]): EventCount {
  const counter = createEventCounter(services.live);
  counter.follow(datasets);
  return {
    get: () => datasets.reduce((sum, dataset) => sum + counter.count(projectId, dataset), 0),
    stop: counter.stop,
  };
}

import type { Dataset } from '../../core/dataset/dataset.ts';
import { createEventCounter } from '../../live/event-counter.ts';
import type { Live } from '../../live/live.ts';
import { createMonitors, type Monitors, type Pause, pauseByTimer } from '../../live/monitors.ts';
import type { Context } from '../context.ts';
import { eachItem } from './each-item.ts';
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
  readonly datasets: readonly Dataset[];
  read(context: Context): Promise<State>;
  /**
   * Whether a subscriber that knows one state gets another. `hasNewEvents`: events were recorded
   * between the two.
   */
  changed(before: State, now: State, hasNewEvents: boolean): boolean;
  /** Waits between two reads. Default: `pauseByTimer`. */
  readonly pause?: Pause;
}

export type WatchProject<State> = (context: Context) => AsyncIterableIterator<State>;

/** A state, and how many events the monitor had heard of when it was read. */
interface Reading<State> {
  readonly state: State;
  readonly events: number;
}

type Attempt<State> = Reading<State> | { readonly error: unknown };

/**
 * Watches a state for any number of subscribers: the present one at once, then each change. It is
 * read after new events, at most once a second, and every five seconds without. One monitor per
 * project reads for all, and ends when nobody listens.
 */
export function createProjectWatch<State>(watched: WatchedState<State>): WatchProject<State> {
  // A schema serves several apps in tests, each with topics of its own.
  const monitors = new WeakMap<Live, Monitors<EventCount>>();

  /** The events that the monitor of the topic has heard of. */
  function startMonitor(context: Context, topic: string): EventCount {
    const { live } = context.services;
    const ofApp = monitors.get(live) ?? createMonitors<EventCount>(live);
    monitors.set(live, ofApp);
    return ofApp(topic, (isHeard) => {
      const events = countEvents(context, watched.datasets);
      void monitor(watched, context, topic, events, isHeard);
      return events;
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
      // A reading that the monitor began before the subscriber's own is older, though it comes
      // later.
      changed: (before, now) =>
        now.events >= before.events && watched.changed(before.state, now.state, before.events !== now.events),
      stop: () => void attempts.return?.(),
    });
    return eachItem(readings, ({ state }) => [state]);
  };
}

/** The count is taken first: an event that comes while the state is read counts as new after it. */
async function readState<State>(
  { read }: WatchedState<State>,
  context: Context,
  counted: EventCount,
): Promise<Reading<State>> {
  const events = counted.get();
  return { state: await read(context), events };
}

/**
 * Publishes what the state is, as long as somebody listens. Never rejects: an error is for the
 * subscribers.
 */
async function monitor<State>(
  watched: WatchedState<State>,
  context: Context,
  topic: string,
  counted: EventCount,
  isHeard: () => boolean,
): Promise<void> {
  const { pause = pauseByTimer } = watched;
  let known = counted.get();
  let waited = 0;
  for (;;) {
    await pause(TURN_MS);
    if (!isHeard()) break;
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

/** How many new events the project has had so far, as far as this instance hears of them. */
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset, Row } from '../core/dataset/dataset.ts';
import type { Live } from '../live/live.ts';
import type { Context } from './context.ts';
import { watchChanges } from './watch-changes.ts';

/** After new events the value is read again, but not more often than this. */
const LEAST_INTERVAL_MS = 1_000;
/** Other instances record events too, which this one does not hear of. */
const INTERVALS_BETWEEN_READS = 5;

/** Something of a project that follows from the events of a dataset. */
export interface ProjectWatch<Value> {
  /** Names the topic on which the subscribers of a project get the value. */
  readonly name: string;
  readonly dataset: Dataset;
  read(context: Context): Promise<Value>;
  /** Two values with the same text are taken for the same, unless this instance has recorded events between them. */
  fingerprint(value: Value): string;
}

type Reading<Value> = { readonly value: Value } | { readonly error: unknown };

/**
 * Watches a value for any number of subscribers: the present one at once, then the value after each change. One monitor per
 * project reads for all of them, and ends when nobody listens.
 */
export function createProjectWatch<Value>(
  watch: ProjectWatch<Value>,
): (context: Context) => AsyncIterableIterator<Value> {
  const monitored = new WeakMap<Live, Set<string>>();

  function startMonitor(context: Context, topic: string): void {
    const { live } = context.services;
    const topics = monitored.get(live) ?? new Set();
    monitored.set(live, topics);
    if (topics.has(topic)) return;
    topics.add(topic);
    // Removed in the same turn in which nobody listens, so that the next subscriber starts a new one.
    void monitor(watch, context, topic, () => live.hasSubscribers(topic) || !topics.delete(topic));
  }

  return (context) => {
    const topic = `${watch.name}.${context.projectId}`;
    const readings = context.services.live.subscribe<Reading<Value>>(topic, { capacity: 1 });
    startMonitor(context, topic);
    let reading: Reading<Value> | null = null;
    return watchChanges<Value>({
      async read() {
        if (reading === null) return watch.read(context);
        if ('error' in reading) throw reading.error;
        return reading.value;
      },
      async wait() {
        const { done, value } = await readings.next();
        if (!done) reading = value.event;
        return !done;
      },
      // The monitor publishes changes only.
      changed: () => true,
      stop: () => void readings.return?.(),
    });
  };
}

/** Publishes each change, as long as somebody listens. Never rejects: an error is for the subscribers. */
async function monitor<Value>(
  watch: ProjectWatch<Value>,
  context: Context,
  topic: string,
  isHeard: () => boolean,
): Promise<void> {
  const events = noteEvents(watch.dataset, context);
  const read = (): Promise<Reading<Value>> =>
    watch.read(context).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  const print = (reading: Reading<Value>) => ('error' in reading ? null : watch.fingerprint(reading.value));
  let last = print(await read());
  let waited = 0;
  for (;;) {
    await sleep(LEAST_INTERVAL_MS, undefined, { ref: false });
    if (!isHeard()) break;
    const isNew = events.takeNew();
    if (++waited < INTERVALS_BETWEEN_READS && !isNew) continue;
    waited = 0;
    const reading = await read();
    const now = print(reading);
    if (isNew || now !== last) context.services.live.publish(topic, [reading]);
    last = now;
  }
  events.stop();
}

/** Notes that the project has new events of the dataset. */
function noteEvents({ at, topic }: Dataset, { projectId, services }: Context) {
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset, Row } from '../../../core/dataset/dataset.ts';
import type { Context } from '../../../graphql/context.ts';
import { watchChanges } from '../../../graphql/watch-changes.ts';
import type { Live } from '../../../live/live.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { healthSamples } from '../health-samples/definition.ts';
import { type Health, readHealth } from './read-health.ts';

/** After new requests and samples health is read again, but not more often than this. */
const LEAST_INTERVAL_MS = 1_000;
/** Without them it changes too, because the window slides and services go silent. */
const INTERVALS_BETWEEN_READS = 5;

type Reading = { readonly health: Health } | { readonly error: unknown };

export type WatchHealth = (context: Context) => AsyncIterableIterator<Health>;

/**
 * Watches health for any number of subscribers: the present state at once, then each change of the status. One monitor per
 * project reads for all of them, and ends when nobody listens.
 */
export function createHealthWatch(): WatchHealth {
  const monitored = new WeakMap<Live, Set<string>>();

  function startMonitor(context: Context, topic: string): void {
    const { live } = context.services;
    const topics = monitored.get(live) ?? new Set();
    monitored.set(live, topics);
    if (topics.has(topic)) return;
    topics.add(topic);
    // Removed in the same turn in which nobody listens, so that the next subscriber starts a new one.
    void monitor(context, topic, () => live.hasSubscribers(topic) || !topics.delete(topic));
  }

  return (context) => {
    const topic = `health.${context.projectId}`;
    const readings = context.services.live.subscribe<Reading>(topic, { capacity: 1 });
    startMonitor(context, topic);
    let reading: Reading | null = null;
    return watchChanges<Health>({
      async read() {
        if (reading === null) return readHealth(context);
        if ('error' in reading) throw reading.error;
        return reading.health;
      },
      async wait() {
        const { done, value } = await readings.next();
        if (!done) reading = value.event;
        return !done;
      },
      changed: (before, now) => before.status !== now.status,
      stop: () => void readings.return?.(),
    });
  };
}

/** Publishes what health is, as long as somebody listens. Never rejects: an error is for the subscribers. */
async function monitor(context: Context, topic: string, isHeard: () => boolean): Promise<void> {
  const news = [requestLogs, healthSamples].map((dataset) => watchRows(context, dataset));
  let waited = 0;
  for (;;) {
    await sleep(LEAST_INTERVAL_MS, undefined, { ref: false });
    if (!isHeard()) break;
    // Each is asked: what is new is taken once.
    const isNew = news.map((rows) => rows.takeNew()).includes(true);
    if (++waited < INTERVALS_BETWEEN_READS && !isNew) continue;
    waited = 0;
    const reading = await readHealth(context).then(
      (health): Reading => ({ health }),
      (error: unknown): Reading => ({ error }),
    );
    context.services.live.publish(topic, [reading]);
  }
  for (const rows of news) rows.stop();
}

/** Notes that the project has new events. */
function watchRows({ projectId, services }: Context, dataset: Dataset) {
  const at = dataset.at['projectId'] as number;
  const rows = services.live.subscribe<Row>(dataset.topic, {
    capacity: 1,
    accepts: (row) => row[at] === projectId,
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

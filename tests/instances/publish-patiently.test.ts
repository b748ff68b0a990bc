import { expect, it } from 'vitest';
import { createPatientPublisher } from '../../src/instances/publish-patiently.ts';
import { createLive } from '../../src/live/create-live.ts';
import type { Deliveries } from '../../src/live/live.ts';

const TOPIC = 'calls';
const rows = Array.from({ length: 200 }, (_, index) => [index]);

/** Reads a row in each turn of the event loop. Counts what was dropped. */
async function readSlowly(deliveries: Deliveries<unknown>, count: number) {
  const read = { events: [] as unknown[], dropped: 0 };
  while (read.events.length + read.dropped < count) {
    const { event, dropped } = (await deliveries.next()).value;
    read.events.push(event);
    read.dropped += dropped;
    await new Promise(setImmediate);
  }
  return read;
}

/** @param late how late events are from the twentieth check on, for once */
function setUp(capacity: number, late = 0) {
  const live = createLive({ capacity });
  let checks = 0;
  const delayMs = () => (++checks === 20 ? late : 0);
  return { live, publisher: createPatientPublisher({ live, topic: TOPIC, delayMs }) };
}

it.each([1, 2, 9])('waits for readers, with a default capacity of %d', async (capacity) => {
  const { live, publisher } = setUp(capacity);
  const reads = [1, 2].map(() => readSlowly(live.subscribe(TOPIC, { capacity: 9 }), rows.length));
  await publisher.publish(rows.slice(0, 150));
  await publisher.publish(rows.slice(150));
  for (const read of await Promise.all(reads)) expect(read).toEqual({ events: rows, dropped: 0 });
});

it.each([
  [5_000, 0],
  [250, 2],
])(
  'does not wait for a reader that makes events %d ms late for %d others, until it has caught up',
  async (late, others) => {
    const { live, publisher } = setUp(10, late);
    const stuck = live.subscribe(TOPIC);
    const healthy = Array.from({ length: others }, () => readSlowly(live.subscribe(TOPIC), 2 * rows.length));
    await publisher.publish(rows);
    expect(await readSlowly(stuck, rows.length)).toEqual({ events: rows.slice(-10), dropped: 190 });

    const caughtUp = readSlowly(stuck, rows.length);
    await publisher.publish(rows);
    expect(await caughtUp).toEqual({ events: rows, dropped: 0 });
    for (const { dropped } of await Promise.all(healthy)) expect(dropped).toBe(0);
  },
);

it('publishes nothing more once it is stopped', async () => {
  const { live, publisher } = setUp(10);
  const stuck = live.subscribe(TOPIC);
  const publishing = publisher.publish(rows);
  publisher.stop();
  await publishing;
  live.close();
  const left: unknown[] = [];
  for await (const { event } of stuck) left.push(event);
  expect(left.length).toBeLessThan(rows.length);
});

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { InvalidArgument, Overloaded } from '../../src/core/errors.ts';
import { createIdSource } from '../../src/core/ids.ts';
import type { CompletionServices } from '../../src/declarations/completion.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { techniqueUsages } from '../../src/declarations/llm/technique-usages.ts';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { createIngest, type IngestOptions } from '../../src/ingest/create-ingest.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import type { Store } from '../../src/storage/store.ts';
import { countCalls, useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';

const completion: CompletionServices = { priceCall: () => 'NO_PRICE' };
const CALL = { provider: 'openai', model: 'gpt-4o', latencyMs: 812.5 };
const REQUEST = { endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 20 };

interface Published {
  readonly topic: string;
  readonly rows: readonly Row[];
}

function open(
  store: Pick<Store, 'append'>,
  options: Partial<IngestOptions> = {},
): { ingest: Ingest; published: Published[] } {
  const clock = createTestClock('2026-11-20T12:00:00.000Z');
  const published: Published[] = [];
  const ingest = createIngest({
    store,
    clock,
    ids: createIdSource(clock),
    completion,
    ipAddressesOf: () => 'FULL',
    live: {
      hasSubscribers: (topic) => topic !== techniqueUsages.topic,
      publish: (topic, rows) => {
        published.push({ topic, rows: rows as readonly Row[] });
      },
    },
    ...options,
  });
  return { ingest, published };
}

describeEachDatabase('ingest', (database) => {
  const stores = useStores(database);

  test('stores valid events, names invalid ones, and returns the ids in order', async () => {
    const store = await stores.open();
    const { ingest } = open(store);
    const id = randomUUID();
    const events = [{ ...CALL, id }, { ...CALL, latencyMs: -1 }, 'nothing', CALL];
    const outcome = await ingest.record('default', [{ dataset: llmCalls, events }]);
    expect(outcome).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { dataset: 'llmCalls', index: 1, field: 'latencyMs', code: 'OUT_OF_RANGE' },
        { dataset: 'llmCalls', index: 2, field: null, code: 'WRONG_TYPE' },
      ],
      ids: [{ dataset: llmCalls, id }, { dataset: llmCalls }],
    });
    expect(await countCalls(store)).toEqual({ rows: 2, rolledUp: 2 });
  });

  test('stores several datasets together, and a repeated call once', async () => {
    const store = await stores.open();
    const { ingest } = open(store);
    const inputs = [
      { dataset: requestLogs, events: [{ ...REQUEST, requestId: 'r-1' }] },
      { dataset: llmCalls, events: [{ ...CALL, id: randomUUID(), requestId: 'r-1' }] },
      { dataset: techniqueUsages, events: [] },
    ];
    const first = await ingest.record('default', inputs);
    const second = await ingest.record('default', inputs);
    expect(first).toMatchObject({ accepted: 2, duplicates: 0, rejected: [] });
    expect(second).toEqual({ ...first, accepted: 0, duplicates: 2 });
    expect((await verifyRollups(store, requestLogs)).differences).toEqual([]);
  });

  test('publishes the new events, but only if somebody listens', async () => {
    const { ingest, published } = open(await stores.open());
    const event = { ...CALL, id: randomUUID() };
    const usage = { techniqueSuite: 's', potencyLevel: 1, success: true };
    await ingest.record('default', [
      { dataset: llmCalls, events: [event, event, CALL] },
      { dataset: techniqueUsages, events: [usage] },
    ]);
    await ingest.record('default', [{ dataset: llmCalls, events: [event] }]);
    expect(published.map(({ topic, rows }) => [topic, rows.length])).toEqual([[llmCalls.topic, 2]]);
    expect(published[0]?.rows[0]?.[llmCalls.at.id]).toBe(event.id);
  });

  test('counts events once when clients race with retries', async () => {
    const store = await stores.open();
    const { ingest } = open(store);
    const batches = Array.from({ length: 20 }, () =>
      Array.from({ length: 50 }, () => ({ ...CALL, id: randomUUID() })),
    );
    const outcomes = await Promise.all(
      [...batches, ...batches].map((events) => ingest.record('default', [{ dataset: llmCalls, events }])),
    );
    const sum = (pick: 'accepted' | 'duplicates') =>
      outcomes.reduce((total, outcome) => total + outcome[pick], 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([1_000, 1_000]);
    expect(await countCalls(store)).toEqual({ rows: 1_000, rolledUp: 1_000 });
  });

  test('refuses a call that does not fit into the queue, and stores nothing of it', async () => {
    const store = await stores.open();
    const { ingest } = open(store, { queueLimit: { events: 100, bytes: 1_000_000 } });
    const record = (count: number) =>
      ingest.record('default', [{ dataset: llmCalls, events: Array.from({ length: count }, () => CALL) }]);
    const [fits, refused] = await Promise.allSettled([record(60), record(60)]);
    expect(fits.status).toBe('fulfilled');
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(Overloaded) });
    expect(await countCalls(store)).toEqual({ rows: 60, rolledUp: 60 });
    expect(await record(60)).toMatchObject({ accepted: 60 });
  });

  test('refuses more than 10,000 events in one call, in all datasets together', async () => {
    const store = await stores.open();
    const { ingest } = open(store);
    const inputs = [
      { dataset: llmCalls, events: Array.from({ length: 10_000 }, () => CALL) },
      { dataset: techniqueUsages, events: [{}] },
    ];
    const refused = await ingest.record('default', inputs).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidArgument);
    expect(refused).toMatchObject({ message: /10000.*10001/, details: { argument: 'input' } });
    expect(await countCalls(store)).toEqual({ rows: 0, rolledUp: 0 });
  });

  test('answers at once if no event is valid', async () => {
    const { ingest } = open({ append: () => Promise.reject(new Error('not called')) });
    expect(await ingest.record('default', [{ dataset: llmCalls, events: [{}] }])).toMatchObject({
      accepted: 0,
      duplicates: 0,
      rejected: [{ index: 0, field: 'provider', code: 'REQUIRED' }],
      ids: [],
    });
  });

  test('closes when every accepted event is stored', async () => {
    const store = await stores.open();
    const { ingest } = open(store);
    const running = ingest.record('default', [{ dataset: llmCalls, events: [CALL, CALL] }]);
    await ingest.close();
    expect(await countCalls(store)).toEqual({ rows: 2, rolledUp: 2 });
    expect((await running).accepted).toBe(2);
    await expect(ingest.record('default', [{ dataset: llmCalls, events: [CALL] }])).rejects.toThrow(
      /shutting down/,
    );
  });

  test('lets other work run between the batches of a large call, and stores the batches in order', async () => {
    // The store would also wait: for batches of the check, then for those of the writer's texts.
    const passed: number[] = [];
    const pass = async (microseconds: number) => {
      passed.push(microseconds);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const store = await stores.open(undefined, { pass });
    const { ingest } = open(store, { pass });
    const events = Array.from({ length: 620 }, (_, index) => (index === 400 ? 'nothing' : CALL));
    const { accepted, rejected } = await ingest.record('default', [{ dataset: llmCalls, events }]);
    expect([accepted, rejected.map(({ index }) => index)]).toEqual([619, [400]]);
    expect(passed.slice(0, 3)).toEqual([2_500, 2_500, 1_200]);
    // The lengths of fifty rows predict those of the others.
    expect(passed.slice(3)).toEqual([150, 1_707]);
  });
});

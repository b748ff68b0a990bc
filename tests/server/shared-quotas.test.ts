import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { startInstances } from '../support/start-instances.ts';
import { post } from '../support/start-server.ts';
import { bearer, makeKey } from './support/keys.ts';
import { accepted, DAY_MS, events, limited, MINUTE_MS } from './support/quotas.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const LIST = { query: '{ llmCalls(first: 50) { nodes { id } } }' };

/** The library reads the clock of the machine. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

describeEachDatabase('the used part of quotas', (database) => {
  it('outlasts a restart for a day, but no longer', async () => {
    const databaseUrl = await database.createMigratedUrl();
    let key: Record<string, string>;
    {
      await using running = await startApp({ database, databaseUrl });
      key = bearer((await makeKey(running, { quotas: { eventsPerDay: 10 } })).text);
      expect(await post(running.url, events(0, 7), key)).toMatchObject(accepted(7));
    }
    vi.setSystemTime(NOW + MINUTE_MS);
    await using running = await startApp({ database, databaseUrl });
    expect(await post(running.url, events(7, 4), key)).toMatchObject(
      limited(DAY_MS - MINUTE_MS, { remaining: 3 }),
    );
    expect(await post(running.url, events(7, 3), key)).toMatchObject(accepted(3));
    vi.setSystemTime(NOW + DAY_MS);
    expect(await post(running.url, events(10, 10), key)).toMatchObject(accepted(10));
  });

  it('delays nobody if it cannot be counted, and the log says so', async () => {
    await using running = await startApp({ database, environment: { KEY_QUERY_COST_PER_MINUTE: '60' } });
    const key = bearer((await makeKey(running, { quotas: { eventsPerDay: 1 } })).text);
    await running.app.services.store.query.schema.dropTable('budget_windows').execute();
    for (const number of [0, 1]) {
      expect(await post(running.url, events(number, 1), key)).toMatchObject(accepted(1));
      expect(await post(running.url, LIST, key)).toMatchObject({ status: 200 });
    }
    const msg = 'Quotas cannot be counted; until they can, no request is rejected';
    expect(running.log.filter((line) => line['msg'] === msg)).toEqual([
      expect.objectContaining({ level: 50, err: expect.objectContaining({ message: expect.any(String) }) }),
    ]);
    // Amounts that could not be written to the table are written when the server stops.
    await createWindows(running.app.services.store.query);
  });
});

const createWindows = (query: Awaited<ReturnType<typeof startApp>>['app']['services']['store']['query']) =>
  query.schema
    .createTable('budget_windows')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('points', 'bigint')
    .addColumn('expire', 'bigint')
    .execute();

describeEachDatabase('default quotas', (database) => {
  const environment = {
    TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
    KEY_EVENTS_PER_MINUTE: '2',
    ADDRESS_EVENTS_PER_MINUTE: '3',
    ADDRESS_QUERY_COST_PER_MINUTE: '60',
    MAX_SOCKETS_PER_ADDRESS: '1',
    // Requests without a key have the quotas of their address.
    AUTH: 'disabled',
  };
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database, environment });
  });
  afterAll(() => running[Symbol.asyncDispose]());
  const from = (address: string) => ({ 'x-forwarded-for': `1.1.1.1, ${address}, 10.0.0.7` });

  it('apply to each key, unless it has its own', async () => {
    const [one, other, generous] = [
      await makeKey(running),
      await makeKey(running),
      await makeKey(running, { quotas: { eventsPerMinute: 5 } }),
    ].map(({ text }) => bearer(text));
    const send = (number: number, count: number, key: Record<string, string> = {}) =>
      post(running.url, events(number, count), { ...key, ...from(`198.51.100.${number}`) });
    expect(await send(0, 2, one)).toMatchObject(accepted(2));
    expect(await send(2, 1, one)).toMatchObject(limited(MINUTE_MS, { of: 'KEY', limit: 2 }));
    expect(await send(2, 1, other)).toMatchObject(accepted(1));
    expect(await send(3, 3, generous)).toMatchObject(accepted(3));
    expect(await send(6, 2, generous)).toMatchObject(accepted(2));
    expect(await send(8, 1, generous)).toMatchObject(limited(MINUTE_MS, { of: 'KEY', limit: 5 }));
  });

  it('can be queried', async () => {
    const quotas = '{ eventsPerMinute eventsPerDay queryCostPerMinute }';
    const query = `{ defaultQuotas { key ${quotas} address ${quotas} } }`;
    expect((await post(running.url, { query }, from('192.0.2.3'))).body.data.defaultQuotas).toEqual({
      key: { eventsPerMinute: 2, eventsPerDay: null, queryCostPerMinute: null },
      address: { eventsPerMinute: 3, eventsPerDay: null, queryCostPerMinute: 60 },
    });
  });

  it('also apply to each address, behind a proxy to the forwarded one', async () => {
    expect(await post(running.url, events(100, 3), from('192.0.2.1'))).toMatchObject(accepted(3));
    const refused = await post(running.url, events(103, 1), from('192.0.2.1'));
    expect(refused).toMatchObject(limited(MINUTE_MS, { of: 'ADDRESS', limit: 3, remaining: 0 }));
    expect(await post(running.url, events(103, 1), from('192.0.2.2'))).toMatchObject(accepted(1));
    // Both addresses belong to one IPv6 network.
    expect(await post(running.url, LIST, from('2001:db8::1'))).toMatchObject({ status: 200 });
    expect(await post(running.url, LIST, from('2001:db8::2'))).toMatchObject(limited(MINUTE_MS));
    expect(await post(running.url, LIST, from('2001:db8:0:1::2'))).toMatchObject({ status: 200 });
  });

  it('count the WebSockets of each address by the same rule', async () => {
    const open = (address: string) =>
      new WebSocket(running.webSocketUrl, 'graphql-transport-ws', { headers: from(address) });
    const first = open('192.0.2.1');
    await new Promise((resolve) => first.once('open', resolve));
    const second = open('192.0.2.1').on('error', () => {});
    const status = await new Promise((resolve) =>
      second.once('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(429);
    const third = open('192.0.2.2');
    await new Promise((resolve) => third.once('open', resolve));
    for (const socket of [first, second, third]) socket.terminate();
  });
});

describeEachDatabase('quotas with several instances', (database) => {
  it('are shared', async () => {
    await using instances = await startInstances(database);
    const [first, second] = [instances.at(0), instances.at(1)];
    const quotas = { eventsPerMinute: 10, queryCostPerMinute: 60 };
    const key = bearer((await makeKey(first, { quotas })).text);
    expect(await post(first.url, events(0, 6), key)).toMatchObject(accepted(6));
    expect(await post(second.url, events(6, 6), key)).toMatchObject(limited(MINUTE_MS, { remaining: 4 }));
    expect(await post(second.url, events(6, 4), key)).toMatchObject(accepted(4));
    expect(await post(first.url, events(10, 1), key)).toMatchObject(limited(MINUTE_MS, { remaining: 0 }));
    // Both at once: events that fit are accepted once, by either.
    vi.setSystemTime(NOW + MINUTE_MS);
    const at = (number: number) => (number % 2 === 0 ? first : second).url;
    const calls = Array.from({ length: 10 }, (_, number) => post(at(number), events(20 + number, 2), key));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(5);
    expect(await post(first.url, LIST, key)).toMatchObject({ status: 200 });
    expect(await post(second.url, LIST, key)).toMatchObject(limited(MINUTE_MS));
  });
});

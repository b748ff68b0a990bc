import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { NewKey } from '../../src/access/keys.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { send, transports } from '../support/three-transports.ts';
import { bearer, makeKey } from './support/keys.ts';
import { accepted, DAY_MS, events, limited, MINUTE_MS } from './support/quotas.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const LIST = '{ llmCalls(first: 50) { nodes { id } } }';
const LIST_COST = 50;
const COST = { 'telltale-cost': '1' };

/** The library reads the clock of the machine. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

type Own = NonNullable<NewKey['quotas']>;

describeEachDatabase('quotas of keys', (database) => {
  let running: TestApp;
  let projects = 0;
  beforeAll(async () => {
    running = await startApp({ database });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  /** A key for its own project. */
  async function keyWith(quotas: Own) {
    const projectId = `p${++projects}`;
    await running.app.services.projects.create({ projectId });
    const { text } = await makeKey(running, { projectId, quotas });
    return bearer(text);
  }

  async function stored(headers: Record<string, string>) {
    const { body } = await post(running.url, { query: '{ llmCalls { totalCount } }' }, headers);
    return body.data.llmCalls.totalCount;
  }

  it('refuse events beyond them, store nothing, and accept the same call after the window', async () => {
    const key = await keyWith({ eventsPerMinute: 10 });
    expect(await post(running.url, events(0, 6), key)).toMatchObject(accepted(6));
    vi.setSystemTime(NOW + 20_000);
    const facts = { quota: 'eventsPerMinute', of: 'KEY', limit: 10, remaining: 4 };
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const refused = await post(running.url, events(6, 6), { ...key, accept });
      expect(refused).toMatchObject(limited(40_000, facts));
      expect(refused.headers.get('retry-after')).toBe('40');
      expect(refused.body.errors[0].message).toBe(
        'The request needs 6, but this API key may use 10 events a minute (eventsPerMinute) and has 4 ' +
          'left: nothing was done. Try again in 40000 ms.',
      );
    }
    expect(await stored(key)).toBe(6);
    // Rejected events use nothing. Duplicates count.
    expect(await post(running.url, events(0, 4), key)).toMatchObject(accepted(0, 4));
    expect(await post(running.url, events(0, 1), key)).toMatchObject(limited(40_000, { remaining: 0 }));
    vi.setSystemTime(NOW + MINUTE_MS);
    expect(await post(running.url, events(6, 6), key)).toMatchObject(accepted(6));
    expect(await stored(key)).toBe(12);
  });

  it('count for a day as well', async () => {
    const key = await keyWith({ eventsPerMinute: 6, eventsPerDay: 8 });
    expect(await post(running.url, events(0, 6), key)).toMatchObject(accepted(6));
    vi.setSystemTime(NOW + MINUTE_MS);
    const day = { quota: 'eventsPerDay', limit: 8, remaining: 2 };
    expect(await post(running.url, events(6, 6), key)).toMatchObject(limited(DAY_MS - MINUTE_MS, day));
    // The call that the daily quota rejected did not use the quota of the minute.
    expect(await post(running.url, events(6, 2), key)).toMatchObject(accepted(2));
    vi.setSystemTime(NOW + DAY_MS);
    expect(await post(running.url, events(8, 6), key)).toMatchObject(accepted(6));
  });

  it('say if a call can never fit', async () => {
    const key = await keyWith({ eventsPerMinute: 3, queryCostPerMinute: 20 });
    const call = await post(running.url, events(0, 4), key);
    expect(call.body.errors).toEqual([
      {
        message:
          'The call has 4 events, but this API key may use 3 events a minute (eventsPerMinute): it ' +
          'can never succeed. Send fewer events per call.',
        extensions: { code: 'BAD_USER_INPUT', argument: 'input' },
        locations: expect.anything(),
        path: ['recordLlmCalls'],
      },
    ]);
    const query = await post(running.url, { query: LIST }, key);
    expect(query.headers.get('retry-after')).toBeNull();
    expect(query.body.errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^The query costs 50; this API key may use a query cost of 20 a minute \(queryCostPerMinute\)\. The most expensive/,
        ),
        extensions: { code: 'QUERY_TOO_COMPLEX', price: 50, limit: 20 },
      },
    ]);
    expect(await post(running.url, events(0, 3), key)).toMatchObject(accepted(3));
  });

  it('refund the events of a call that fails as a whole', async () => {
    const key = await keyWith({ eventsPerMinute: 10_001 });
    const tooMany = {
      query: 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
      variables: { input: Array.from({ length: 10_001 }, () => ({})) },
    };
    const { body } = await post(running.url, tooMany, { ...key, ...COST });
    expect(body.errors).toMatchObject([{ message: expect.stringContaining('At most 10000 events') }]);
    expect(body.extensions.cost.eventsPerMinute.currentlyAvailable).toBe(10_001);
  });

  it('refuse queries by their cost, before they run', async () => {
    const key = await keyWith({ queryCostPerMinute: 120 });
    expect(await post(running.url, { query: LIST }, key)).toMatchObject({ status: 200 });
    expect(await post(running.url, { query: LIST }, key)).toMatchObject({ status: 200 });
    const refused = await post(running.url, { query: LIST }, key);
    const facts = { quota: 'queryCostPerMinute', of: 'KEY', limit: 120, remaining: 20 };
    expect(refused).toMatchObject(limited(MINUTE_MS, facts));
    expect(refused.body).not.toHaveProperty('data');
    expect(refused.headers.get('retry-after')).toBe('60');
    // A cheaper query fits.
    const cheap = { query: '{ llmCalls(first: 20) { nodes { id } } }' };
    expect(await post(running.url, cheap, key)).toMatchObject({ status: 200 });
    vi.setSystemTime(NOW + MINUTE_MS);
    expect(await post(running.url, { query: LIST }, key)).toMatchObject({ status: 200 });
  });

  it('show the remaining amounts on request, and near the limit', async () => {
    const key = await keyWith({ queryCostPerMinute: 120, eventsPerMinute: 10, eventsPerDay: 8640 });
    const throttleStatus = (currentlyAvailable: number, resetAfterMs = MINUTE_MS) => ({
      ...{ maximumAvailable: 120, currentlyAvailable, restoreRate: 2, resetAfterMs },
    });
    const cost = { requested: LIST_COST, limit: 200_000, actual: { rowsRead: 0 } };
    const first = await post(running.url, { query: LIST }, { ...key, ...COST });
    expect(first.body.extensions).toEqual({ cost: { ...cost, throttleStatus: throttleStatus(70) } });
    vi.setSystemTime(NOW + 5_000);
    const second = await post(running.url, { query: LIST }, key);
    expect(second.body.extensions).toEqual({
      cost: { requested: LIST_COST, limit: 200_000, throttleStatus: throttleStatus(20, 55_000) },
    });
    // This query costs nothing.
    const free = await post(running.url, { query: '{ __typename }' }, { ...key, ...COST });
    expect(free.body.extensions.cost).toMatchObject({
      requested: 0,
      throttleStatus: throttleStatus(20, 55_000),
    });
    const recorded = await post(running.url, events(0, 6), { ...key, ...COST });
    expect(recorded.body.extensions.cost).toMatchObject({
      eventsPerMinute: { maximumAvailable: 10, currentlyAvailable: 4, resetAfterMs: MINUTE_MS },
      eventsPerDay: {
        maximumAvailable: 8640,
        currentlyAvailable: 8634,
        restoreRate: 0.1,
        resetAfterMs: DAY_MS,
      },
    });
    expect((await post(running.url, events(6, 1), key)).body).not.toHaveProperty('extensions');
    const near = await post(running.url, events(7, 2), key);
    expect(near.body.extensions.cost.eventsPerMinute.currentlyAvailable).toBe(1);
  });

  it('count the rows that a query reads', async () => {
    const key = await keyWith({});
    await post(running.url, events(0, 3), key);
    const { body } = await post(running.url, { query: LIST }, { ...key, ...COST });
    expect(body.data.llmCalls.nodes).toHaveLength(3);
    expect(body.extensions).toEqual({
      cost: { requested: LIST_COST, limit: 200_000, actual: { rowsRead: 3 } },
    });
  });

  it.each(transports)('apply to %s', async (transport) => {
    const headers = await keyWith({ eventsPerMinute: 3, queryCostPerMinute: 60 });
    const endpoints = { graphql: running.url, webSocket: running.webSocketUrl, headers };
    expect((await send(transport, endpoints, events(0, 2))).errors).toEqual([]);
    expect((await send(transport, endpoints, { query: LIST })).errors).toEqual([]);
    const status = transport === 'webSocket' ? null : 429;
    for (const operation of [events(2, 2), { query: LIST }]) {
      const answer = await send(transport, endpoints, operation);
      expect(answer.status).toBe(status);
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'RATE_LIMITED', retryAfterMs: MINUTE_MS } },
      ]);
    }
    vi.setSystemTime(NOW + MINUTE_MS);
    const again = await post(running.url, events(2, 2), headers);
    expect(again).toMatchObject(accepted(2));
  });

  it('let a subscription pay once', async () => {
    const headers = await keyWith({ queryCostPerMinute: 15 });
    const client = createClient({
      url: running.webSocketUrl,
      webSocketImpl: WebSocket,
      connectionParams: headers,
    });
    const query = 'subscription { llmCallRecorded { requestLog { llmCalls(first: 10) { id } } } }';
    const results = client.iterate({ query });
    const first = results.next();
    await running.waitForSubscriptions(1);
    await post(running.url, events(0, 1), headers);
    expect((await first).value).toMatchObject({ data: { llmCallRecorded: {} } });
    const again = await send('sse', { graphql: running.url, webSocket: '', headers }, { query });
    expect(again).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    await results.return?.();
    await client.dispose();
  });
});

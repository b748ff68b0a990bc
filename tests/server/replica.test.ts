import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets } from '../../src/declarations/registry.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { createWriterConnection } from '../../src/storage/dialect/postgresql/writer-connection.ts';
import { asUnavailable } from '../../src/storage/dialect/unavailable.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { openReplicated, type Replicated } from '../storage/support/replicated.ts';
import { type TestDatabase, testedDialects } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const RECORD = `mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }`;
const COUNT = `{
  llmCallAnalytics(range: { last: "P1D" }) { totals { count } source { behindMs } }
  llmCalls { totalCount }
}`;

interface Asked {
  readonly of?: TestApp;
  readonly headers?: Record<string, string>;
  readonly variables?: object;
  readonly extensions?: object;
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  readonly data?: any;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: Answered['extensions'];
}

interface Answered {
  readonly count: number;
  readonly listed: number;
  readonly behindMs: number | null;
  readonly extensions: { readonly replica?: { readonly behindMs: number }; readonly position?: string };
}

describe.skipIf(!testedDialects().includes('postgresql'))('a server with a replica (postgresql)', () => {
  let replicated: Replicated;
  /** Waits for the replica for any time. */
  let app: TestApp;
  /** Does not wait for it. */
  let hasty: TestApp;
  beforeAll(async () => {
    replicated = await openReplicated();
    app = await start({ DATABASE_READ_WAIT_MS: '60000', DATABASE_READ_MAX_LAG_MS: '600000' });
    hasty = await start({ DATABASE_READ_WAIT_MS: '0', DATABASE_READ_MAX_LAG_MS: '2000' });
  });
  afterAll(async () => {
    await hasty[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
    await replicated[Symbol.asyncDispose]();
  });

  function start(environment: Record<string, string>): Promise<TestApp> {
    return startApp({
      database: { dialect: 'postgresql' } as TestDatabase,
      databaseUrl: replicated.url,
      environment: { DATABASE_READ_URL: replicated.replicaUrl, COLUMN_STORE: 'off', ...environment },
    });
  }

  async function ask(query: string, { of = app, headers = {}, ...given }: Asked = {}) {
    const response = await fetch(of.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, ...given }),
    });
    return (await response.json()) as Answer;
  }

  async function record(): Promise<string> {
    const { data, extensions = {} } = await ask(RECORD, { variables: { input: [llmCall({})] } });
    expect(data.recordLlmCalls).toEqual({ accepted: 1 });
    expect(extensions.position).toMatch(/^[\dA-F]+\/[\dA-F]+$/);
    return String(extensions.position);
  }

  async function count(asked: Asked = {}): Promise<Answered> {
    const { data, extensions = {} } = await ask(COUNT, asked);
    const { totals, source } = data.llmCallAnalytics;
    return { count: totals.count, listed: data.llmCalls.totalCount, behindMs: source.behindMs, extensions };
  }

  const becomes = (status: string, of = app) =>
    expect.poll(() => of.app.services.store.replica?.state().status).toBe(status);
  const ready = async () => (await fetch(new URL('/readyz', app.url))).json();

  test('answers events there, and says how far it is behind', async () => {
    await becomes('READY');
    const position = await record();
    const answer = await count({ extensions: { readAfter: position } });
    expect(answer).toMatchObject({ count: 1, listed: 1, behindMs: expect.any(Number) });
    expect(answer.extensions.replica?.behindMs).toBeLessThan(10_000);
    await expect.poll(async () => (await count()) && replicated.readsThere('llm_calls')).toBeGreaterThan(0);
    for (const table of ['api_keys', 'alert_rules', 'agents'])
      expect(await replicated.readsThere(table)).toBe(0);
    expect(await ready()).toEqual({ status: 'ok', replica: 'READY' });
    const trailing = await fetch(new URL('/export/llmCalls.jsonl', app.url));
    expect((await trailing.text()).split('\n')).toHaveLength(2);
  });

  test('shows the effects of a mutation to a client that sends its position back', async () => {
    const before = await count();
    await replicated.pause();
    const position = await record();
    // The replica does not show the event, and the client did not request it.
    expect(await count()).toMatchObject({ count: before.count, listed: before.listed });
    // The primary answers clients that do not wait for the replica.
    await becomes('READY', hasty);
    const own = await count({ of: hasty, headers: { 'telltale-read-after': position } });
    expect(own).toMatchObject({ count: before.count + 1, behindMs: null, extensions: {} });
    const waiting = count({ extensions: { readAfter: position } });
    await replicated.resume();
    const after = await waiting;
    expect(after).toMatchObject({ count: before.count + 1, behindMs: expect.any(Number) });
    const { errors } = await ask(COUNT, { headers: { 'telltale-read-after': 'yesterday' } });
    expect(errors?.[0]?.message).toContain('Telltale-Read-After is "yesterday"');
  });

  test('queries the primary while the replica is too far behind or unavailable', async () => {
    const { count: before } = await count();
    await replicated.pause();
    await record();
    await becomes('BEHIND', hasty);
    expect(await count({ of: hasty })).toMatchObject({
      count: before + 1,
      listed: before + 1,
      behindMs: null,
    });
    await replicated.resume();
    await replicated.order('SIGKILL');
    expect(await count()).toMatchObject({ count: before + 1, behindMs: null });
    await becomes('AWAY');
    expect(await ready()).toEqual({ status: 'ok', replica: 'AWAY' });
    await replicated.order('start');
    await becomes('READY');
    expect((await count()).behindMs).toEqual(expect.any(Number));
    await app.waitForLog({
      status: 'AWAY',
      msg: 'The replica answers no questions; the primary answers them',
    });
  });

  test('gives no event a used number when the replica takes over without the last events', async () => {
    const numbers = ({ query }: Store) =>
      query.selectFrom('llm_calls').select(sql<number>`max(arrival)`.as('last')).executeTakeFirstOrThrow();
    const before = await numbers(app.app.services.store);
    const store = await createStore({ url: replicated.replicaUrl, datasets });
    try {
      // The session of a standby would continue after the takeover.
      await expect(store.append([callGroup(callRow())])).rejects.toMatchObject({ trouble: 'AWAY' });
      await replicated.promote();
      await store.append([callGroup(callRow())]);
      // Some thousand numbers may be lost, because the numbers reserved for lost events are lost
      // too.
      expect((await numbers(store)).last - before.last).toBeGreaterThan(1_000_000);
    } finally {
      await store.close();
    }
    await becomes('UNFIT');
  });

  test('writes no event while its server is set read-only, even in a session as old as the server', async () => {
    const url = replicated.replicaUrl;
    const writer = createWriterConnection({ url, onProblem: () => {}, accessEveryMs: 0 });
    const write = () =>
      writer
        .transaction(({ client }) => client.query('update arrivals set last = last'))
        .then(() => 'written', asUnavailable);
    expect(await write()).toBe('written');
    try {
      await setReadOnly(url, 'on');
      await expect.poll(write).toMatchObject({ trouble: 'READ_ONLY' });
      await setReadOnly(url, 'off');
      await expect.poll(write).toBe('written');
    } finally {
      await writer.close();
    }
  });
});

async function setReadOnly(connectionString: string, value: 'on' | 'off'): Promise<void> {
  const client = new pg.Client({ connectionString, options: '-c default_transaction_read_only=off' });
  await client.connect();
  await client.query(`alter system set default_transaction_read_only = ${value}`);
  await client.query('select pg_reload_conf()');
  await client.end();
}

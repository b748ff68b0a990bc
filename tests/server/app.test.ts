import { createClient } from 'graphql-ws';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const RECORD = /* GraphQL */ `
  mutation ($input: [LlmCallInput!]!) {
    recordLlmCalls(input: $input) { accepted duplicates rejected { index field } }
  }
`;
const call = (model: string) => ({
  provider: 'openai',
  model,
  promptTokens: 10,
  completionTokens: 5,
  latencyMs: 120,
});

describeEachDatabase('the app', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    const databaseUrl = await database.createUrl();
    running = await startApp({ database, databaseUrl, environment: { INGEST_QUEUE_EVENTS: '10' } });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it('migrates an empty database, records and answers', async () => {
    expect(await running.query(RECORD, { input: [call('gpt-4o'), { provider: 'openai' }] })).toMatchObject({
      recordLlmCalls: { accepted: 1, duplicates: 0, rejected: [{ index: 1, field: expect.any(String) }] },
    });
    expect(await running.query('{ llmCalls(first: 5) { totalCount edges { node { model } } } }')).toEqual({
      llmCalls: { totalCount: 1, edges: [{ node: { model: 'gpt-4o' } }] },
    });
  });

  it('answers OVERLOADED when the queue is full, and stores nothing of that call', async () => {
    const input = Array.from({ length: 11 }, () => call('too-many'));
    expect(await running.execute(RECORD, { input })).toMatchObject({
      errors: [{ extensions: { code: 'OVERLOADED', retryAfterMs: expect.any(Number) } }],
    });
    expect(await running.query('{ llmCalls(filter: { model: { eq: "too-many" } }) { totalCount } }')).toEqual(
      {
        llmCalls: { totalCount: 0 },
      },
    );
  });

  it('carries an event from a mutation to subscribers over WebSocket and SSE', async () => {
    const document = 'subscription { llmCallRecorded(filter: { model: { eq: "o3" } }) { model } }';
    const client = createClient({ url: running.webSocketUrl, webSocketImpl: WebSocket });
    const results = client.iterate({ query: document });
    const first = results.next();
    const stream = await fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document }),
    });
    await running.waitForSubscriptions(2);
    await running.query(RECORD, { input: [call('gpt-4o'), call('o3')] });
    expect((await first).value).toEqual({ data: { llmCallRecorded: { model: 'o3' } } });
    expect(await readUntil(stream, 'event: next')).toContain('{"data":{"llmCallRecorded":{"model":"o3"}}}');
    await client.dispose();
  });

  it('is ready while its database has all migrations', async () => {
    const ready = async () => {
      const response = await fetch(new URL('/readyz', running.url));
      return (await response.json()) as object;
    };
    expect(await ready()).toEqual({ status: 'ok' });
    await running.app.services.store.query.deleteFrom('_prisma_migrations').execute();
    // Requests within one second share an answer.
    await expect.poll(ready, { timeout: 5_000 }).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/^The database lacks the migrations 0001_/),
    });
  });

  it('commits all accepted events before it stops, and finds them again after a restart', async () => {
    const databaseUrl = await database.createMigratedUrl();
    {
      await using running = await startApp({ database, databaseUrl });
      const input = Array.from({ length: 200 }, () => call('gpt-4o'));
      const answers = Array.from({ length: 8 }, () => running.query(RECORD, { input }));
      await Promise.race(answers);
      // On a busy machine, some have not arrived yet, so they cannot be accepted.
      await expect.poll(() => running.app.open.connections, { interval: 5 }).toBe(answers.length);
      await running.app.stop();
      for (const answer of await Promise.all(answers)) {
        expect(answer).toMatchObject({ recordLlmCalls: { accepted: 200 } });
      }
    }
    await using again = await startApp({ database, databaseUrl });
    expect(again.log.filter(({ msg }) => String(msg).includes('migration'))).toEqual([]);
    expect(await again.query('{ llmCalls { totalCount } }')).toEqual({ llmCalls: { totalCount: 1600 } });
  });

  it('reports that the database is read-only, and is not ready', async () => {
    const databaseUrl = await database.createMigratedUrl();
    await using running = await startApp({ database, databaseUrl });
    const { store } = running.app.services;
    if (database.dialect === 'sqlite') await sql.raw('pragma query_only = 1').execute(store.query);
    else {
      const name = sql.id(new URL(databaseUrl).pathname.slice(1));
      await sql`alter database ${name} set default_transaction_read_only = on`.execute(store.query);
      // Sessions that were already open do not change.
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(store.query);
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(store.query).catch(() => undefined);
    }
    const ready = async () => (await fetch(new URL('/readyz', running.url))).json();
    await expect.poll(ready, { timeout: 5_000 }).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/The database can be read but not written\.$/),
    });
    const trouble = {
      message:
        'The database can be read but not written. Try again later: an event sent with its id is stored only once.',
      extensions: { code: 'OVERLOADED', retryAfterMs: expect.any(Number) },
    };
    const raise =
      'mutation { raiseAlert(input: { alertId: "a", severity: ERROR, type: SYSTEM, title: "t" }) { alert { id } } }';
    expect((await running.execute(RECORD, { input: [call('gpt-4o')] })).errors).toMatchObject([trouble]);
    expect((await running.execute(raise)).errors).toMatchObject([trouble]);
    expect(await ready()).toMatchObject({
      reason: expect.stringMatching(/^The database cannot be written: /),
    });
    expect(await running.query('{ llmCalls { totalCount } }')).toEqual({ llmCalls: { totalCount: 0 } });
    const problems = running.log.filter(({ msg }) => msg === 'The store has a problem');
    expect(problems.length > 0).toBe(database.dialect === 'postgresql');
    // The driver adds the whole connection to its error.
    expect(problems.filter(({ err }) => 'client' in Object(err))).toEqual([]);
  });

  it('answers in process without a socket', async () => {
    const config = loadConfig({ DATABASE_URL: await database.createMigratedUrl(), LOG_LEVEL: 'silent' });
    const app = await createApp(config);
    const response = await app.fetch(new Request('http://in.process/graphql?query=%7B__typename%7D'));
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    await app.stop();
  });
});

describe('an app that cannot start', () => {
  it('leaves nothing open when the database is unreachable', async () => {
    const config = loadConfig({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', LOG_LEVEL: 'silent' });
    await expect(createApp(config)).rejects.toThrow(/ECONNREFUSED/);
  });
});

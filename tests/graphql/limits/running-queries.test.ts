import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { aliases } from './support/costly-queries.ts';

const RECORD = 'mutation ($logs: [RequestLogInput!]!) { recordRequestLogs(input: $logs) { accepted } }';
const ROWS = 500;
const logs = (endpoint: string) =>
  Array.from({ length: ROWS }, (_, index) => ({
    ...{ requestId: `request-${index}`, endpoint, method: 'POST', statusCode: 200, latencyMs: 10 },
  }));
/**
 * Long enough for several chunks, and more expensive than the limit for all that run at the same
 * time.
 */
const LONG = aliases(6, `requestLogs(first: ${ROWS}) { nodes { id endpoint timestamp } }`);
/** As expensive, but with a short answer. */
const SHORT = aliases(
  6,
  `requestLogs(first: ${ROWS}, filter: { endpoint: { eq: "/none" } }) { nodes { id } }`,
);

describeEachDatabase('queries that are expensive together', (database) => {
  let running: TestApp;
  const warnings: string[] = [];
  const warned = ({ name }: Error) => warnings.push(name);
  beforeAll(async () => {
    process.on('warning', warned);
    running = await startApp({ database, environment: { AUTH: 'disabled', MAX_RUNNING_COST: '1000' } });
    await running.query(RECORD, { logs: logs(`/${'long'.repeat(20)}`) });
  });
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
    process.off('warning', warned);
    // Node considers many listeners of one response a leak, and writes that into the log.
    expect(warnings).not.toContain('MaxListenersExceededWarning');
  });

  const send = (query: string, accept: string, method: 'GET' | 'POST') => {
    const get = new URL(running.url);
    get.searchParams.set('query', query);
    const headers = { accept, 'content-type': 'application/json' };
    return method === 'GET'
      ? fetch(get, { headers })
      : fetch(running.url, { method, headers, body: JSON.stringify({ query }) });
  };

  it.each([
    ['POST', 'application/json'],
    ['GET', 'application/json'],
    ['POST', 'text/event-stream'],
    ['POST', 'multipart/mixed'],
  ] as const)('run one after the other, and each releases its turn (%s of %s)', async (method, accept) => {
    const asked = [LONG, SHORT, LONG, SHORT];
    const texts = await Promise.all(asked.map(async (query) => (await send(query, accept, method)).text()));
    expect(texts.map((text) => text.split('"id"').length - 1)).toEqual([6 * ROWS, 0, 6 * ROWS, 0]);
    expect(texts.join()).not.toContain('"errors"');
  });

  it('run one after the other on one WebSocket', async () => {
    const client = createClient({ url: running.url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const ask = async (query: string) => {
      for await (const result of client.iterate({ query })) return result;
      return null;
    };
    const results = await Promise.all([LONG, SHORT, LONG].map(ask));
    expect(results.map((result) => result?.errors)).toEqual([undefined, undefined, undefined]);
    await client.dispose();
  });

  it('leave the queue when their clients disconnect', async () => {
    const client = new AbortController();
    const { signal } = client;
    const body = JSON.stringify({ query: LONG });
    const headers = { 'content-type': 'application/json' };
    const left = Array.from({ length: 8 }, () =>
      fetch(running.url, { method: 'POST', headers, body, signal }).then((response) => response.text()),
    );
    client.abort();
    for (const { status } of await Promise.allSettled(left)) expect(status).toBe('rejected');
    expect((await running.execute(SHORT)).errors).toBeUndefined();
  });
});

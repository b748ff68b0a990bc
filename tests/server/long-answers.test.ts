import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createPortions } from '../../src/runtime/portions.ts';
import { readUntil } from '../support/read-until.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

/** 50 fields with 20,000 characters each, including some that JSON must escape. */
const TEXT = '\\"é\u2028😀\n'.repeat(2_500);
const aliases = (field: string) => Array.from({ length: 50 }, (_, index) => `a${index}: ${field}`).join(' ');
const texts = (text: string) =>
  Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, text]));
const QUERY = { query: `{ ${aliases('held')} }` };
const DATA = texts(TEXT);
/** A million characters, in chunks of 64 Ki. */
const PORTIONS = 15;

/** Counts the portions of work that the server does. */
function countPortions() {
  const { pass } = createPortions();
  const counted = {
    passed: 0,
    pass(microseconds: number) {
      counted.passed++;
      return pass(microseconds);
    },
  };
  return counted;
}

/** The JSON inside a body that is one event or part, or is JSON itself. */
const jsonIn = (body: string) => JSON.parse(/^(?:data: )?(\{[^\n]*\})\r?$/m.exec(body)?.[1] ?? body);

describe('a long answer', () => {
  const portions = countPortions();
  let running: TestServer;
  beforeAll(async () => {
    running = await startServer({ held: () => Promise.resolve(TEXT), portions });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${running.url.graphql}?query=${encodeURIComponent(query)}`, { headers });
  const post = (headers: Record<string, string> = {}) =>
    fetch(running.url.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(QUERY),
    });
  const client = () =>
    createClient({ url: running.url.webSocket, webSocketImpl: WebSocket, retryAttempts: 0 });

  it('is sent while its text is made, for GET and for POST', async () => {
    const direct = await post();
    const text = await direct.text();
    portions.passed = 0;
    const response = await get(QUERY.query);
    for (const { status, headers } of [direct, response]) {
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('content-length')).toBeNull();
    }
    expect(await response.text()).toBe(text);
    expect(JSON.parse(text)).toEqual({ data: DATA });
    expect(portions.passed).toBeGreaterThanOrEqual(PORTIONS);
  });

  it.each([
    ['application/graphql-response+json, text/plain', 'application/graphql-response+json; charset=utf-8'],
    ['application/graphql-response+json; charset=latin1, */*', 'application/json; charset=utf-8'],
    ['text/event-stream', 'text/event-stream'],
    ['multipart/mixed', 'multipart/mixed; boundary="-"'],
  ])('is made in portions for %s, with the headers of a short one', async (accept, contentType) => {
    portions.passed = 0;
    const response = await post({ accept });
    expect(jsonIn(await response.text())).toEqual({ data: DATA });
    expect(portions.passed).toBeGreaterThanOrEqual(PORTIONS);
    const short = await get('{ hello }', { accept });
    await short.text();
    expect(response.status).toBe(short.status);
    for (const name of ['content-type', 'cache-control', 'content-encoding']) {
      expect(response.headers.get(name)).toBe(short.headers.get(name));
    }
    expect(response.headers.get('content-type')).toBe(contentType);
  });

  it('has the form of a short one over server-sent events', async () => {
    const [long, short] = [
      await post({ accept: 'text/event-stream' }),
      await get('{ hello }', { accept: 'text/event-stream' }),
    ];
    const form = (body: string) => body.replace(/^data: \{[^\n]*/m, 'data: …');
    expect(form(await long.text())).toBe(form(await short.text()));
  });

  it('shows its errors beside its data', async () => {
    for (const accept of ['application/json, text/plain', 'text/event-stream']) {
      const response = await get(`{ ${aliases('held')} failing }`, { accept });
      const { data, errors } = jsonIn(await response.text());
      expect(data).toEqual({ ...DATA, failing: null });
      expect(errors).toEqual([expect.objectContaining({ path: ['failing'] })]);
    }
  });

  it('is answered in process', async () => {
    const url = `${running.url.graphql}?query=${encodeURIComponent(QUERY.query)}`;
    const response = await running.server.fetch(new Request(url));
    expect(await response.json()).toEqual({ data: DATA });
  });

  it('is made in chunks over WebSocket, while other operations are answered', async () => {
    const socket = client();
    portions.passed = 0;
    const long = socket.iterate(QUERY).next();
    const short = await socket.iterate({ query: '{ hello }' }).next();
    expect(short.value).toEqual({ data: { hello: 'Hello world' } });
    expect((await long).value).toEqual({ data: DATA });
    expect(portions.passed).toBeGreaterThanOrEqual(PORTIONS);
    await socket.dispose();
  });

  it('is made in chunks for the events of a subscription', async () => {
    const query = `subscription { ticks { ${aliases('text')} } }`;
    const socket = client();
    const results = socket.iterate({ query });
    const first = results.next();
    const stream = await get(query, { accept: 'text/event-stream' });
    await running.waitForSubscriptions(2);
    portions.passed = 0;
    running.live.publish('ticks', [{ number: 1, text: TEXT }]);
    expect((await first).value).toEqual({ data: { ticks: texts(TEXT) } });
    expect(jsonIn((await readUntil(stream, '}}}\n\n')).trim())).toEqual({ data: { ticks: texts(TEXT) } });
    expect(portions.passed).toBeGreaterThanOrEqual(2 * PORTIONS);
    await results.return?.();
    await socket.dispose();
    await running.waitForSubscriptions(0);
  });

  it('is refused with a reason if it is too long, on every transport', async () => {
    await using running = await startServer({
      environment: { MAX_ANSWER_BYTES: '1048576' },
      held: () => Promise.resolve(TEXT),
    });
    const refused = {
      errors: [
        expect.objectContaining({
          message: expect.stringContaining('longer than 1048576 bytes (MAX_ANSWER_BYTES)'),
          extensions: { code: 'QUERY_TOO_COMPLEX', unit: 'bytes', limit: 1_048_576 },
        }),
      ],
    };
    const ask = (accept: string) =>
      fetch(running.url.graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(QUERY),
      });
    for (const accept of ['*/*', 'application/json, text/plain', 'text/event-stream', 'multipart/mixed']) {
      expect(jsonIn(await (await ask(accept)).text())).toEqual(refused);
    }
    const socket = createClient({ url: running.url.webSocket, webSocketImpl: WebSocket, retryAttempts: 0 });
    expect((await socket.iterate(QUERY).next()).value).toEqual(refused);
    const events = socket.iterate({ query: `subscription { ticks { ${aliases('text')} } }` });
    const event = events.next();
    const stream = await fetch(
      `${running.url.graphql}?query=${encodeURIComponent(`subscription { ticks { ${aliases('text')} } }`)}`,
      { headers: { accept: 'text/event-stream' } },
    );
    await running.waitForSubscriptions(2);
    running.live.publish('ticks', [{ number: 1, text: TEXT }]);
    expect((await event).value).toEqual(refused);
    expect(jsonIn((await readUntil(stream, 'QUERY_TOO_COMPLEX"}}]}\n\n')).trim())).toEqual(refused);
    await events.return?.();
    await socket.dispose();
    await running.waitForNothingOpen();
  });

  it.each(['POST', 'GET'])('ends when its client disconnects: %s', async (method) => {
    await using running = await startServer({ held: () => Promise.resolve(TEXT) });
    const { hostname, port } = new URL(running.url.graphql);
    const body = method === 'POST' ? JSON.stringify(QUERY) : '';
    const path = method === 'POST' ? '/graphql' : `/graphql?query=${encodeURIComponent(QUERY.query)}`;
    const socket = connect(Number(port), hostname);
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
        (body && `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`) +
        `\r\n${body}`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await running.waitForNothingOpen();
    expect(running.log).toEqual([]);
  });
});

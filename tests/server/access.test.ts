import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ClientOptions, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createKeyText } from '../../src/access/key-text.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { bearer, COUNT, closeOf, makeKey, record } from './support/keys.ts';

const NEEDS_KEY = 'This server needs an API key. Send it as "Authorization: Bearer tlt_…".';

describeEachDatabase('a server with keys', (database) => {
  let running: TestApp;
  let key: string;
  beforeAll(async () => {
    running = await startApp({ database });
    await running.app.services.projects.create({ projectId: 'shop' });
    key = (await makeKey(running)).text;
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it.each([
    ['Authorization: Bearer', (text: string) => bearer(text)],
    ['X-API-Key', (text: string) => ({ 'x-api-key': text })],
  ])('accepts a key in %s, in all ways to send an operation', async (_, headersOf) => {
    const headers = headersOf(key);
    expect(await post(running.url, COUNT, headers)).toMatchObject({
      status: 200,
      body: { data: { llmCalls: {} } },
    });
    // Yoga's path, because the fast path does not know this Accept header.
    const slow = await post(running.url, COUNT, { ...headers, accept: 'application/json;q=0.9, text/plain' });
    expect(slow).toMatchObject({ status: 200, body: { data: { llmCalls: {} } } });
    const get = await fetch(`${running.url}?query=${encodeURIComponent(COUNT.query)}`, { headers });
    expect(await get.json()).toMatchObject({ data: { llmCalls: {} } });
    const inProcess = new Request(`http://in.process/graphql?query=${encodeURIComponent(COUNT.query)}`, {
      headers,
    });
    expect(await (await running.app.fetch(inProcess)).json()).toMatchObject({ data: { llmCalls: {} } });
  });

  it.each([
    ['no key', {}, 401, 'UNAUTHENTICATED', NEEDS_KEY],
    ['another scheme', { authorization: 'Basic eDp5' }, 401, 'UNAUTHENTICATED', NEEDS_KEY],
    ['a key of another server', bearer(createKeyText()), 401, 'UNAUTHENTICATED', /^The API key is not valid/],
    ['a mistyped key', bearer('tlt_x'), 401, 'UNAUTHENTICATED', /^The API key is not valid/],
    [
      'two keys',
      { ...bearer('tlt_x'), 'x-api-key': 'tlt_y' },
      400,
      'BAD_USER_INPUT',
      /^The headers Authorization and X-API-Key contain different keys/,
    ],
  ])('refuses %s, and stores nothing', async (_, headers, status, code, message) => {
    const before = await post(running.url, COUNT, bearer(key));
    for (const accept of ['application/json', 'text/event-stream']) {
      const answer = await post(running.url, record('refused'), { ...headers, accept });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer realm="telltale"' : null);
      expect(answer.body).toEqual({
        errors: [
          {
            message: typeof message === 'string' ? message : expect.stringMatching(message),
            extensions: { code, ...(status === 400 && { argument: 'X-API-Key' }) },
          },
        ],
      });
    }
    expect((await post(running.url, COUNT, bearer(key))).body).toEqual(before.body);
  });

  it('closes the connection of a refused request whose body it does not read', async () => {
    const { port } = new URL(running.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
    socket.write(`${head}content-length: 1000000\r\n\r\n{ "query": "`);
    // Resolves when the server has closed the connection.
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\nconnection: close\r\n/i);
    const { status, headers } = await fetch(`${running.url}?query={__typename}`);
    expect([status, headers.get('connection')]).toEqual([401, 'keep-alive']);
  });

  it.each([
    ['shop', 403, 'FORBIDDEN', 'This API key is only for the project "default".'],
    ['nowhere', 403, 'FORBIDDEN', 'This API key is only for the project "default".'],
  ])('refuses the project %s to a key of another project', async (project, status, code, message) => {
    const answer = await post(running.url, record('refused'), {
      ...bearer(key),
      'telltale-project': project,
    });
    expect(answer).toMatchObject({ status, body: { errors: [{ message, extensions: { code } }] } });
  });

  it('opens the named project to a key of all projects, and refuses one that does not exist', async () => {
    const { text } = await makeKey(running, { projectId: null, scopes: ['ADMIN'] });
    const inProject = (project: string, operation: object) =>
      post(running.url, operation, { ...bearer(text), 'telltale-project': project });
    expect((await inProject('shop', record('o3'))).body).toEqual({
      data: { recordLlmCalls: { accepted: 1 } },
    });
    expect((await inProject('shop', COUNT)).body).toEqual({ data: { llmCalls: { totalCount: 1 } } });
    expect((await inProject('default', COUNT)).body).toEqual({ data: { llmCalls: { totalCount: 0 } } });
    expect(await inProject('nowhere', record('o3'))).toMatchObject({
      status: 404,
      body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    });
  });

  it.each<[string, (text: string) => Partial<ClientOptions>]>([
    ['the payload of connection_init', (text: string) => ({ connectionParams: bearer(text) })],
    [
      'the headers in that payload',
      (text: string) => ({
        connectionParams: { headers: { 'X-API-Key': text, 'Telltale-Project': 'default' } },
      }),
    ],
    ['the headers of the upgrade', (text: string) => ({ webSocketImpl: withHeaders(bearer(text)) })],
  ])('accepts the key of a WebSocket in %s', async (_, optionsOf) => {
    const client = createClient({
      url: running.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...optionsOf(key),
    });
    const results = client.iterate(COUNT);
    expect((await results.next()).value).toMatchObject({ data: { llmCalls: {} } });
    await client.dispose();
  });

  it.each([
    ['no key', undefined, NEEDS_KEY],
    [
      'a wrong key',
      bearer('tlt_x'),
      'The API key is not valid: it is mistyped, expired, revoked or from another',
    ],
    [
      'a contradiction',
      { ...bearer('tlt_x'), 'x-api-key': 'tlt_y' },
      'The headers Authorization and X-API-Key contain different keys. Send only one of them.',
    ],
  ])('closes a WebSocket with 4403 and the reason for %s', async (_, payload, reason) => {
    const closed = await closeOf(running, payload);
    expect(closed).toEqual({ code: 4403, reason: expect.stringContaining(reason) });
    expect(Buffer.byteLength(closed.reason)).toBeLessThanOrEqual(123);
  });

  it('closes a WebSocket for another project with 4403', async () => {
    expect(await closeOf(running, { ...bearer(key), 'Telltale-Project': 'shop' })).toEqual({
      code: 4403,
      reason: 'This API key is only for the project "default".',
    });
  });

  it('shows health and its pages without a key, but no data', async () => {
    for (const path of ['/healthz', '/readyz', '/']) {
      expect((await fetch(new URL(path, running.url))).status, path).toBe(200);
    }
    const page = await fetch(running.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    // A browser that requests a result instead of the page needs a key.
    const query = `${running.url}?query=${encodeURIComponent(COUNT.query)}`;
    const asked = await fetch(query, { headers: { accept: 'text/html, application/json' } });
    expect(await asked.text()).not.toContain('totalCount":');
    expect((await fetch(query)).status).toBe(401);
  });
});

/** The class of a WebSocket that sends these headers with its upgrade. */
function withHeaders(headers: Record<string, string>) {
  return class extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  };
}

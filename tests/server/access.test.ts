import { type ClientOptions, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createKeyText } from '../../src/access/key-text.ts';
import type { NewKey } from '../../src/access/keys.ts';
import { SETTLE_MS } from '../../src/access/project-removal.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';

const COUNT = { query: '{ llmCalls { totalCount } }' };
const TAIL = { query: 'subscription { llmCallRecorded { model } }' };
const NEEDS_KEY = 'This server needs an API key. Send it as "Authorization: Bearer tlt_…".';
const record = (model: string) => ({
  query: 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
  variables: { input: [llmCall({ model })] },
});
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

async function makeKey({ app }: TestApp, key: Partial<NewKey> = {}) {
  const { text, key: made } = await app.services.keys.create({
    projectId: 'default',
    scopes: ['READ', 'INGEST'],
    ...key,
  });
  return { id: made.id, text };
}

/** Resolves with the code and the reason with which the server closes a WebSocket. */
function closeOf(running: TestApp, payload?: object) {
  const socket = new WebSocket(running.webSocketUrl, 'graphql-transport-ws');
  return new Promise<{ code: number; reason: string }>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  });
}

function stream({ url }: TestApp, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(TAIL),
  });
}

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
  ])('takes a key in %s, for every way of an operation', async (_, headersOf) => {
    const headers = headersOf(key);
    expect(await post(running.url, COUNT, headers)).toMatchObject({
      status: 200,
      body: { data: { llmCalls: {} } },
    });
    // Yoga's path, by an Accept header that the fast one does not know.
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
      /^The headers Authorization and X-API-Key have different keys/,
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
            extensions: { code },
          },
        ],
      });
    }
    expect((await post(running.url, COUNT, bearer(key))).body).toEqual(before.body);
  });

  it.each([
    ['shop', 403, 'FORBIDDEN', 'This API key opens the project "default" only.'],
    ['nowhere', 403, 'FORBIDDEN', 'This API key opens the project "default" only.'],
  ])('refuses the project %s to a key of another', async (project, status, code, message) => {
    const answer = await post(running.url, record('refused'), {
      ...bearer(key),
      'telltale-project': project,
    });
    expect(answer).toMatchObject({ status, body: { errors: [{ message, extensions: { code } }] } });
  });

  it('opens the named project to a key of all, and refuses one that does not exist', async () => {
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
      'its headers member',
      (text: string) => ({
        connectionParams: { headers: { 'X-API-Key': text, 'Telltale-Project': 'default' } },
      }),
    ],
    ['the headers of the upgrade', (text: string) => ({ webSocketImpl: withHeaders(bearer(text)) })],
  ])('takes the key of a WebSocket from %s', async (_, optionsOf) => {
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
      'The headers Authorization and X-API-Key have different keys. Send one of them.',
    ],
  ])('closes a WebSocket with 4403 and the reason for %s', async (_, payload, reason) => {
    const closed = await closeOf(running, payload);
    expect(closed).toEqual({ code: 4403, reason: expect.stringContaining(reason) });
    expect(Buffer.byteLength(closed.reason)).toBeLessThanOrEqual(123);
  });

  it('closes a WebSocket of another project with 4403', async () => {
    expect(await closeOf(running, { ...bearer(key), 'Telltale-Project': 'shop' })).toEqual({
      code: 4403,
      reason: 'This API key opens the project "default" only.',
    });
  });

  it('shows health and its pages without a key, and no data', async () => {
    for (const path of ['/healthz', '/readyz', '/']) {
      expect((await fetch(new URL(path, running.url))).status, path).toBe(200);
    }
    const page = await fetch(running.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    // A browser that asks for a result instead of the page needs a key.
    const query = `${running.url}?query=${encodeURIComponent(COUNT.query)}`;
    const asked = await fetch(query, { headers: { accept: 'text/html, application/json' } });
    expect(await asked.text()).not.toContain('totalCount":');
    expect((await fetch(query)).status).toBe(401);
  });
});

describeEachDatabase('a key that stops working', (database) => {
  it('ends its subscriptions: SSE by an error, WebSocket by 4403; others go on', async () => {
    await using running = await startApp({ database });
    const [doomed, other] = [await makeKey(running), await makeKey(running)];
    const sse = await stream(running, bearer(doomed.text));
    const closing = new Promise<CloseEvent>((resolve) => {
      const client = createClient({
        url: running.webSocketUrl,
        webSocketImpl: WebSocket,
        connectionParams: bearer(doomed.text),
        retryAttempts: 0,
        on: { closed: (event) => resolve(event as CloseEvent) },
      });
      client.subscribe(TAIL, { next: () => undefined, error: () => undefined, complete: () => undefined });
    });
    const healthy = await stream(running, bearer(other.text));
    await running.waitForSubscriptions(3);
    await running.app.services.keys.revoke(doomed.id, 'ALL');
    const { code, reason } = await closing;
    expect({ code, reason }).toEqual({ code: 4403, reason: 'The API key was revoked.' });
    const text = await readUntil(sse, 'event: complete');
    expect(text).toContain('"message":"The API key was revoked."');
    expect(text).toContain('"code":"UNAUTHENTICATED"');
    await running.waitForSubscriptions(1);
    expect(await post(running.url, COUNT, bearer(doomed.text))).toMatchObject({ status: 401 });
    await post(running.url, record('o3'), bearer(other.text));
    expect(await readUntil(healthy, 'event: next')).toContain('"model":"o3"');
  });

  it('is noticed although another instance revoked it', async () => {
    await using running = await startApp({ database });
    const { id, text } = await makeKey(running);
    const sse = await stream(running, bearer(text));
    await running.waitForSubscriptions(1);
    // As `telltale keys revoke` does beside the server.
    await running.app.services.store.prisma.apiKey.update({
      where: { id },
      data: { revokedAt: new Date() },
    });
    expect(await readUntil(sse, 'event: complete')).toContain('The API key was revoked.');
  });
});

describeEachDatabase('a deleted project', (database) => {
  it('is closed at once to all that opened it, and its data goes', async () => {
    const databaseUrl = await database.createMigratedUrl();
    {
      await using running = await startApp({ database, databaseUrl });
      const admin = await makeKey(running, { projectId: null, scopes: ['ADMIN'] });
      const inShop = { ...bearer(admin.text), 'Telltale-Project': 'shop' };
      const ask = (query: string) => post(running.url, { query }, bearer(admin.text));
      await ask('mutation { createProject(input: { projectId: "shop" }) { project { name } } }');
      const own = await makeKey(running, { projectId: 'shop' });
      await post(running.url, record('o3'), bearer(own.text));
      const streams = [await stream(running, bearer(own.text)), await stream(running, inShop)];
      const elsewhere = await stream(running, bearer(admin.text));
      const socket = closeOf(running, inShop);
      await running.waitForSubscriptions(3);
      await expect.poll(() => running.app.open.webSockets).toBe(1);

      const deletion =
        'mutation { deleteProject(input: { projectId: "shop", confirm: "shop" }) { project { projectId } } }';
      expect((await ask(deletion)).body.errors).toBeUndefined();
      for (const ended of streams) {
        expect(await readUntil(ended, 'event: complete')).toContain('The project was deleted.');
      }
      expect(await socket).toEqual({ code: 4403, reason: 'The project was deleted.' });
      expect((await post(running.url, record('o3'), bearer(own.text))).status).toBe(401);
      expect((await post(running.url, record('o3'), inShop)).status).toBe(404);
      await running.waitForSubscriptions(1);
      await elsewhere.body?.cancel();
    }
    const clock = { now: () => Date.now() + SETTLE_MS };
    await using later = await startApp({ database, databaseUrl, clock });
    await later.waitForLog({ projectId: 'shop', msg: 'All data of a deleted project is removed' });
    const { store, projects } = later.app.services;
    expect((await projects.list()).map(({ projectId }) => projectId)).toEqual(['default']);
    expect(await store.prisma.llmCall.count()).toBe(0);
  });
});

describeEachDatabase('a server without keys', (database) => {
  it('is open on its own machine until the first key, which ends what was open', async () => {
    await using running = await startApp({ database });
    expect((await post(running.url, record('o3'))).body.data).toEqual({ recordLlmCalls: { accepted: 1 } });
    const sse = await stream(running, {});
    const socket = closeOf(running);
    await running.waitForSubscriptions(1);
    await expect.poll(() => running.app.open.webSockets).toBe(1);
    const { text } = await makeKey(running);
    const reason = 'There is an API key now, so this server needs one.';
    expect(await socket).toEqual({ code: 4403, reason });
    expect(await readUntil(sse, 'event: complete')).toContain(reason);
    expect(await post(running.url, COUNT)).toMatchObject({ status: 401 });
    expect((await post(running.url, COUNT, bearer(text))).status).toBe(200);
  });

  it('does not start where others can reach it, and says what to do', async () => {
    const config = loadConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: await database.createMigratedUrl(),
    });
    const app = await createApp(config);
    const starting = app.start();
    await expect(starting).rejects.toThrow('npm run keys -- create --scope admin');
    await expect(starting).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(app.open.connections).toBe(0);
    // Nor is it open in process.
    const answer = await app.fetch(new Request(`http://in.process/graphql?query=${COUNT.query}`));
    expect(answer.status).toBe(401);
    await app.stop();
  });

  it('starts there with a key, or with AUTH=disabled', async () => {
    const databaseUrl = await database.createMigratedUrl();
    const HOST = '0.0.0.0';
    {
      await using open = await startApp({ database, databaseUrl, environment: { HOST, AUTH: 'disabled' } });
      expect((await post(open.url, COUNT)).status).toBe(200);
      const { text } = await makeKey(open);
      // It stays open to all; a key still says whose request it is.
      expect((await post(open.url, COUNT)).status).toBe(200);
      expect((await post(open.url, COUNT, bearer(text))).status).toBe(200);
      expect((await post(open.url, COUNT, bearer('tlt_x'))).status).toBe(200);
    }
    await using keyed = await startApp({ database, databaseUrl, environment: { HOST } });
    expect((await post(keyed.url, COUNT)).status).toBe(401);
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

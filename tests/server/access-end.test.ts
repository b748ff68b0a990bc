import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SETTLE_MS } from '../../src/access/project-removal.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { bearer, COUNT, closeOf, makeKey, record, stream, TAIL } from './support/keys.ts';

describeEachDatabase('a key', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it('is required as soon as it exists: connections that were opened without one end', async () => {
    expect((await post(running.url, record('o3'))).body.data).toEqual({ recordLlmCalls: { accepted: 1 } });
    const sse = await stream(running, {});
    const socket = closeOf(running);
    await running.waitForSubscriptions(1);
    await expect.poll(() => running.app.open.webSockets).toBe(1);
    const { text } = await makeKey(running);
    const reason = 'An API key exists now, so this server requires one.';
    expect(await socket).toEqual({ code: 4403, reason });
    expect(await readUntil(sse, 'event: complete')).toContain(reason);
    expect(await post(running.url, COUNT)).toMatchObject({ status: 401 });
    expect((await post(running.url, COUNT, bearer(text))).status).toBe(200);
  });

  it('that is revoked ends its subscriptions: SSE by an error, WebSocket by 4403; others continue', async () => {
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
    await running.waitForSubscriptions(0);
  });

  it('that another instance revoked is noticed', async () => {
    const { id, text } = await makeKey(running);
    const sse = await stream(running, bearer(text));
    await running.waitForSubscriptions(1);
    // Like `telltale keys revoke` beside the server.
    await running.app.services.store.prisma.apiKey.update({
      where: { id },
      data: { revokedAt: new Date() },
    });
    expect(await readUntil(sse, 'event: complete')).toContain('The API key was revoked.');
  });
});

describeEachDatabase('a deleted project', (database) => {
  it('is closed at once to all callers that opened it, and its data is removed', async () => {
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
    await later.waitForLog({ projectId: 'shop', msg: 'All data of a deleted project was removed' });
    const { store, projects } = later.app.services;
    expect((await projects.list()).map(({ projectId }) => projectId)).toEqual(['default']);
    expect(await store.prisma.llmCall.count()).toBe(0);
  });
});

describeEachDatabase('a server without keys that others can reach', (database) => {
  it('does not start, and says what to do', async () => {
    const config = loadConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: await database.createMigratedUrl(),
    });
    const app = await createApp(config);
    const starting = app.start();
    await expect(starting).rejects.toThrow('npx telltale keys create --scope=admin');
    await expect(starting).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(app.open.connections).toBe(0);
    // It is also not open in process.
    const answer = await app.fetch(new Request(`http://in.process/graphql?query=${COUNT.query}`));
    expect(answer.status).toBe(401);
    await app.stop();
  });

  it('starts with a key, or with AUTH=disabled', async () => {
    const databaseUrl = await database.createMigratedUrl();
    const HOST = '0.0.0.0';
    {
      await using open = await startApp({ database, databaseUrl, environment: { HOST, AUTH: 'disabled' } });
      expect((await post(open.url, COUNT)).status).toBe(200);
      const { text } = await makeKey(open);
      // It stays open to all callers; a key only identifies a request.
      expect((await post(open.url, COUNT)).status).toBe(200);
      expect((await post(open.url, COUNT, bearer(text))).status).toBe(200);
      expect((await post(open.url, COUNT, bearer('tlt_x'))).status).toBe(401);
    }
    await using keyed = await startApp({ database, databaseUrl, environment: { HOST } });
    expect((await post(keyed.url, COUNT)).status).toBe(401);
  });
});

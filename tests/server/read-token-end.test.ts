import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { NOW } from '../support/graphql.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { createTestClock } from '../support/test-clock.ts';
import { bearer, COUNT, makeKey, openSocket, record, stream } from './support/keys.ts';

const CREATE =
  'mutation ($input: CreateReadTokenInput!) { createReadToken(input: $input) { token expiresAt } }';
const INPUT = { datasets: ['llmCalls'], filter: { model: { eq: 'o3' } } };

/** Creates a token, with the headers of a key, or without a key on an open server. */
async function makeToken({ url }: TestApp, headers: Record<string, string>, input: object = {}) {
  const { body } = await post(url, { query: CREATE, variables: { input: { ...INPUT, ...input } } }, headers);
  return (body as { data: { createReadToken: { token: string; expiresAt: string } } }).data.createReadToken;
}

describeEachDatabase('a read token', (database) => {
  const clock = createTestClock(NOW);
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database, clock });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  /** Opens a subscription over SSE and a WebSocket, and reports how both end. */
  async function open(token: string) {
    const sse = await stream(running, bearer(token));
    const socket = openSocket(running, bearer(token));
    await running.waitForSubscriptions(1);
    await socket.acknowledged;
    return async () => ({ sse: await readUntil(sse, 'event: complete'), socket: await socket.closed });
  }
  const ended = (reason: string) => ({
    sse: expect.stringContaining(`"message":"${reason}","extensions":{"code":"UNAUTHENTICATED"}`),
    socket: { code: 4403, reason },
  });
  const refused = {
    status: 401,
    body: { errors: [{ message: expect.stringMatching(/^The read token is not valid/) }] },
  };

  it('made without a key ends when the first key is made', async () => {
    const { token } = await makeToken(running, {});
    expect(await post(running.url, COUNT, bearer(token))).toMatchObject({ status: 200 });
    const end = await open(token);
    await makeKey(running);
    expect(await end()).toEqual(ended('An API key exists now, so this server requires one.'));
    expect(await post(running.url, COUNT, bearer(token))).toMatchObject(refused);
  });

  it('opens its rows in each header, and creates no token and no event', async () => {
    const key = bearer((await makeKey(running)).text);
    for (const model of ['o3', 'o4']) await post(running.url, record(model), key);
    const { token, expiresAt } = await makeToken(running, key, { expiresIn: 'PT10M' });
    expect(Date.parse(expiresAt) - clock.now()).toBe(600_000);
    for (const headers of [bearer(token), { 'x-api-key': token }]) {
      const { body } = await post(running.url, COUNT, headers);
      expect(body).toEqual({ data: { llmCalls: { totalCount: 1 } } });
    }
    for (const operation of [record('o3'), { query: CREATE, variables: { input: INPUT } }]) {
      const { body } = await post(running.url, operation, bearer(token));
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
    const other = await post(running.url, COUNT, { ...bearer(token), 'Telltale-Project': 'shop' });
    expect(other).toMatchObject({ status: 403 });
  });

  it('ends when the key that made it ends', async () => {
    const { id, text } = await makeKey(running);
    const { token } = await makeToken(running, bearer(text));
    const end = await open(token);
    await running.app.services.keys.revoke(id, 'ALL');
    expect(await end()).toEqual(ended('The API key was revoked.'));
    expect(await post(running.url, COUNT, bearer(token))).toMatchObject(refused);
  });

  it('ends when its project ends, and does not open the next project of that name', async () => {
    const { services } = running.app;
    await services.projects.create({ projectId: 'shop' });
    const all = { ...bearer((await makeKey(running, { projectId: null, scopes: ['ADMIN'] })).text) };
    const { token } = await makeToken(running, { ...all, 'Telltale-Project': 'shop' });
    const end = await open(token);
    await services.projects.delete('shop');
    expect(await end()).toEqual(ended('The project was deleted.'));
    await services.store.prisma.project.delete({ where: { projectId: 'shop' } });
    clock.advance(1);
    await services.projects.create({ projectId: 'shop' });
    expect(await post(running.url, COUNT, { ...all, 'Telltale-Project': 'shop' })).toMatchObject({
      status: 200,
    });
    expect(await post(running.url, COUNT, bearer(token))).toMatchObject(refused);
  });

  it('ends everything that it opened when it expires', async () => {
    const { token } = await makeToken(running, bearer((await makeKey(running)).text), { expiresIn: 'PT1M' });
    const end = await open(token);
    clock.advance(60_000);
    expect(await end()).toEqual(ended('The read token has expired.'));
    expect(await post(running.url, COUNT, bearer(token))).toMatchObject(refused);
  });

  it.each([
    [{ expiresIn: 'PT25H' }, 'input.expiresIn'],
    [{ expiresIn: 'P1M' }, 'input.expiresIn'],
    [{ filter: {} }, 'input.filter'],
    [{ datasets: ['agents'] }, 'input.datasets.0'],
  ])('is not created with %j', async (changes, argument) => {
    const key = bearer((await makeKey(running)).text);
    const operation = { query: CREATE, variables: { input: { ...INPUT, ...changes } } };
    expect((await post(running.url, operation, key)).body).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', argument } }],
    });
  });
});

import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type TestServer } from '../support/start-server.ts';

const LISTED = 'https://app.acme.example';
const environment = { CORS_ORIGINS: `${LISTED}, http://localhost:3000` };
const HELLO = JSON.stringify({ query: '{ hello }' });
const QUERY = `?query=${encodeURIComponent('{ hello }')}`;
const POST = { method: 'POST', headers: { 'content-type': 'application/json' }, body: HELLO };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Sends the headers of a browser. `fetch` does not allow them. */
function send({ url }: TestServer, { method = 'GET', path = '', headers = {}, body }: Sent) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const outgoing = request(`${url.graphql}${path}`, { method, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}

const everyPath: readonly [string, Sent][] = [
  ['the direct path', POST],
  ["Yoga's path", { ...POST, headers: { ...POST.headers, accept: 'application/json, text/plain' } }],
  ['SSE', { ...POST, headers: { ...POST.headers, accept: 'text/event-stream' } }],
  ['GET', { path: QUERY }],
  ['a health endpoint', { path: '/../healthz' }],
];

describe('a page of another origin', () => {
  it.each(everyPath)('may use the server if it is listed: %s', async (_, sent) => {
    await using running = await startServer({ environment });
    const answer = await send(running, { ...sent, headers: { ...sent.headers, origin: LISTED } });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': LISTED,
      'access-control-expose-headers': 'x-request-id, retry-after',
      vary: 'origin, sec-fetch-site',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each(everyPath)('may not if it is not listed: %s', async (_, sent) => {
    for (const running of [await startServer({ environment }), await startServer()]) {
      for (const origin of [
        'https://evil.example',
        'null',
        `${LISTED}.evil.example`,
        'http://app.acme.example',
      ]) {
        const answer = await send(running, { ...sent, headers: { ...sent.headers, origin } });
        expect(answer.status).toBe(403);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
        expect(answer.headers['vary']).toBe('origin, sec-fetch-site');
        expect(JSON.parse(answer.body).errors[0]).toEqual({
          message: expect.stringMatching(new RegExp(`^Pages of ${origin} may not .*CORS_ORIGINS`)),
          extensions: { code: 'FORBIDDEN' },
        });
      }
      await running[Symbol.asyncDispose]();
    }
  });

  it.each(everyPath)(
    'is no other origin if it belongs to the server itself, or if there is no page: %s',
    async (_, sent) => {
      await using running = await startServer();
      const own = new URL(running.url.graphql).origin;
      const page: Record<string, string> = { origin: own, 'sec-fetch-site': 'same-origin' };
      for (const headers of [page, {}]) {
        const answer = await send(running, { ...sent, headers: { ...sent.headers, ...headers } });
        expect(answer.status).toBe(200);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
    },
  );

  it('may open a WebSocket only if it is listed', async () => {
    await using running = await startServer({ environment });
    const open = (origin: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(running.url.webSocket, 'graphql-transport-ws', { origin });
        socket.once('error', ({ message }) => resolve(message));
        socket.once('open', () => resolve(socket.terminate()));
      });
    expect(await open(LISTED)).toBeUndefined();
    expect(await open('https://evil.example')).toBe('Unexpected server response: 403');
    await running.waitForNothingOpen();
  });
});

describe('a preflight', () => {
  const ask = (origin: string): Sent => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

  it('is answered to listed origins', async () => {
    await using running = await startServer({ environment });
    const answer = await send(running, ask(LISTED));
    expect(answer).toMatchObject({
      status: 204,
      body: '',
      headers: {
        'access-control-allow-origin': LISTED,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers':
          'authorization, content-encoding, content-type, mcp-method, mcp-name, mcp-protocol-version, ' +
          'telltale-cost, telltale-project, telltale-read-after, x-api-key, x-request-id',
        'access-control-max-age': '600',
        vary: 'origin, sec-fetch-site',
      },
    });
  });

  it('is refused to other origins', async () => {
    await using running = await startServer({ environment });
    const answer = await send(running, ask('https://evil.example'));
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a request that a browser sends without an origin', () => {
  const image = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', accept: 'image/*,*/*;q=0.8' };
  const navigation = {
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    accept: 'text/html,*/*;q=0.8',
  };

  it.each(['cross-site', 'same-site'])('does not run a query for an <img> or a link: %s', async (site) => {
    await using running = await startServer({ environment: { ...environment, GRAPHIQL: 'false' } });
    for (const headers of [image, navigation]) {
      const answer = await send(running, { path: QUERY, headers: { ...headers, 'sec-fetch-site': site } });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body).errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
    }
  });

  it('opens GraphiQL, also from a link', async () => {
    await using running = await startServer();
    for (const site of ['cross-site', 'none']) {
      const headers = { ...navigation, 'sec-fetch-site': site };
      const answer = await send(running, { path: QUERY, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['vary']).toBe('accept, accept-encoding, origin, sec-fetch-site');
    }
  });

  it('runs a query if the user typed its address', async () => {
    await using running = await startServer({ environment: { GRAPHIQL: 'false' } });
    const answer = await send(running, { path: QUERY, headers: { ...navigation, 'sec-fetch-site': 'none' } });
    expect(answer.status).toBe(200);
  });
});

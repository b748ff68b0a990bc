import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TelltaleError } from '../../src/core/errors.ts';
import { callerOf } from '../support/callers.ts';
import { startServer } from '../support/start-server.ts';

const BODY = JSON.stringify({ query: '{ __typename }' });
const keyed = {
  isOpen: false,
  authenticate: () => Promise.reject(new TelltaleError('UNAUTHENTICATED', 'No key.')),
};

interface Sent {
  readonly method: string;
  /** Sends the request unchanged, because `fetch` would normalize it. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function send(url: string, { body, ...options }: Sent) {
  const { hostname, port } = new URL(url);
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const sent = request({ hostname, port, ...options }, async (response) => {
      resolve({ status: response.statusCode, body: await text(response) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a server with keys', () => {
  it.each(['/graphql/', '/./graphql', '/x/../graphql', '//graphql', '/graphql;x', '/GRAPHQL'])(
    'serves nothing at %s',
    async (path) => {
      await using running = await startServer({ access: keyed });
      const headers = { 'content-type': 'application/json' };
      const { status, body } = await send(running.url.graphql, { method: 'POST', path, headers, body: BODY });
      expect(status).toBe(404);
      expect(JSON.parse(body).errors[0].extensions.code).toBe('NOT_FOUND');
    },
  );

  it('reads no body at a public path, with any Host', async () => {
    await using running = await startServer({ access: keyed });
    for (const host of ['localhost', 'localhost/graphql?']) {
      const headers = { 'content-type': 'application/json', host };
      const sent = { method: 'POST', path: '/', headers, body: BODY };
      expect((await send(running.url.graphql, sent)).status).toBe(404);
    }
  });

  it('does not treat a query as a visit of GraphiQL if the browser refuses the page', async () => {
    await using running = await startServer({ access: keyed });
    const path = `/graphql?query=${encodeURIComponent('{ __typename }')}`;
    const headers = { accept: 'text/html;q=0, application/json' };
    expect((await send(running.url.graphql, { method: 'GET', path, headers })).status).toBe(401);
  });

  it('runs nothing for a key that was revoked while the request was on its way', async () => {
    const caller = { ...callerOf(), signal: AbortSignal.abort('The API key was revoked.') };
    await using running = await startServer({
      access: { isOpen: false, authenticate: () => Promise.resolve(caller) },
    });
    const headers = { 'content-type': 'application/json' };
    for (const accept of ['application/json', 'text/event-stream']) {
      const sent = { method: 'POST', path: '/graphql', headers: { ...headers, accept }, body: BODY };
      const { body } = await send(running.url.graphql, sent);
      expect(body).toContain('The API key was revoked.');
      expect(body).toContain('UNAUTHENTICATED');
      expect(body).not.toContain('Query');
    }
  });
});

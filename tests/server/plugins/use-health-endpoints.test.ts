import { describe, expect, it } from 'vitest';
import type { Readiness } from '../../../src/server/plugins/use-health-endpoints.ts';
import { startServer } from '../../support/start-server.ts';

async function get(base: string, path: string, method = 'GET'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(path, base), { method });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

describe('health endpoints', () => {
  it('report that the process is up and that it can work', async () => {
    await using running = await startServer();
    expect(await get(running.url.graphql, '/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(running.url.graphql, '/health')).toEqual({ status: 200, body: null });
    expect(await get(running.url.graphql, '/readyz')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('can be found from the root address by programs', async () => {
    await using running = await startServer();
    const { status, body } = await get(running.url.graphql, '/');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        name: 'Telltale',
        graphql: '/graphql',
        subscriptions: '/graphql',
        alive: '/healthz',
        ready: '/readyz',
      },
    });
    for (const path of ['/healthz', '/readyz'])
      expect(await get(running.url.graphql, path)).toMatchObject({ status: 200 });
  });

  it('distinguish a process that cannot work from one that has stopped', async () => {
    let state: Readiness = { ready: false, reason: 'The database does not answer.' };
    await using running = await startServer({ readiness: () => Promise.resolve(state) });
    expect(await get(running.url.graphql, '/healthz')).toMatchObject({ status: 200 });
    expect(await get(running.url.graphql, '/readyz')).toEqual({
      status: 503,
      body: { status: 'unavailable', reason: 'The database does not answer.' },
    });
    state = { ready: true };
    expect(await get(running.url.graphql, '/readyz')).toMatchObject({ status: 200 });
  });

  it('accept only GET and HEAD', async () => {
    await using running = await startServer();
    expect(await get(running.url.graphql, '/healthz', 'POST')).toMatchObject({ status: 405 });
    expect(await get(running.url.graphql, '/readyz', 'HEAD')).toEqual({ status: 200, body: null });
  });
});

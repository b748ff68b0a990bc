import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ReadScope } from '../../../src/storage/reading.ts';
import { post, startServer, type TestServerOptions } from '../../support/start-server.ts';

const HELD = { query: '{ held }' };

/** A server whose field `held` is answered when its reads are stopped. */
async function startHolding(options: TestServerOptions = {}) {
  const asked = deferred<AbortSignal>();
  let signal: AbortSignal | null = null;
  const running = await startServer({
    ...options,
    reading(scope: Partial<ReadScope>, work) {
      signal = scope.signal ?? null;
      return work();
    },
    held: () => {
      const stops = signal as AbortSignal;
      asked.resolve(stops);
      return new Promise((_, reject) => stops.addEventListener('abort', () => reject(stops.reason)));
    },
  });
  return { running, asked: asked.promise };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

describe('the limits of a query', () => {
  it('stop it at the deadline, with advice', async () => {
    const { running } = await startHolding({ environment: { QUERY_DEADLINE_MS: '100' } });
    await using _ = running;
    const { body } = await post(running.url.graphql, HELD);
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/within 100 ms \(QUERY_DEADLINE_MS\).*shorter range/),
        extensions: { code: 'QUERY_TOO_COMPLEX', deadlineMs: 100 },
      }),
    ]);
  });

  it.each(['application/json', 'text/event-stream'])(
    'stop it when its client disconnects (%s)',
    async (accept) => {
      const { running, asked } = await startHolding();
      await using _ = running;
      const client = new AbortController();
      const answer = fetch(running.url.graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(HELD),
        signal: client.signal,
      }).then((response) => response.text());
      const signal = await asked;
      client.abort();
      await expect(answer).rejects.toThrow();
      await aborted(signal);
      await running.waitForNothingOpen();
    },
  );

  it('stop it when its WebSocket client completes it, or disconnects', async () => {
    for (const leave of ['complete', 'disconnect'] as const) {
      const { running, asked } = await startHolding();
      await using _ = running;
      const client = createClient({
        url: running.url.webSocket,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        onNonLazyError: () => {},
      });
      const complete = client.subscribe(HELD, { next() {}, error() {}, complete() {} });
      const signal = await asked;
      if (leave === 'complete') complete();
      else client.terminate();
      await aborted(signal);
      await client.dispose();
    }
  });

  it('stop it before the grace period of the server ends', async () => {
    const { running, asked } = await startHolding();
    await using _ = running;
    const answer = post(running.url.graphql, HELD);
    await asked;
    await running.server.stop(500);
    expect((await answer).body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryAfterMs: 1000 });
  });
});

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((resolveIt) => {
    resolve = resolveIt;
  });
  return { promise, resolve };
}

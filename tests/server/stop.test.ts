import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NOTHING_OPEN } from '../support/start-app.ts';
import { post, startServer } from '../support/start-server.ts';

const TICKS = 'subscription { ticks { number } }';

describe('a server that stops', () => {
  it('completes running requests', async () => {
    let release: (text: string) => void = () => {};
    const asked = deferred<void>();
    await using running = await startServer({
      held: () => {
        asked.resolve();
        return new Promise((resolve) => (release = resolve));
      },
    });
    const answer = post(running.url.graphql, { query: '{ held }' });
    await asked.promise;
    const stopped = running.server.stop(10_000);
    await expect(fetch(running.url.graphql)).rejects.toThrow();
    release('done');
    expect(await answer).toMatchObject({ status: 200, body: { data: { held: 'done' } } });
    await stopped;
    expect(running.server.open).toEqual(NOTHING_OPEN);
  });

  it('completes SSE subscriptions', async () => {
    await using running = await startServer();
    const response = await fetch(running.url.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: TICKS }),
    });
    await running.waitForSubscriptions(1);
    running.live.publish('ticks', [{ number: 1 }]);
    const stopped = running.server.stop(10_000);
    // The whole text arrives, because the stream ends regularly.
    const text = await response.text();
    expect(text).toContain('event: complete');
    await stopped;
  });

  it('completes WebSocket subscriptions, then closes with "going away"', async () => {
    await using running = await startServer();
    const closed = deferred<unknown>();
    const completed = deferred<void>();
    const client = createClient({
      url: running.url.webSocket,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: false,
      on: { closed: closed.resolve },
      onNonLazyError: () => {},
    });
    client.subscribe({ query: TICKS }, { next() {}, error: completed.reject, complete: completed.resolve });
    await running.waitForSubscriptions(1);
    await running.server.stop(10_000);
    await completed.promise;
    expect(await closed.promise).toMatchObject({ code: 1001, reason: 'Going away' });
    expect(running.server.open).toEqual(NOTHING_OPEN);
  });

  it('disconnects clients that remain after the grace period', async () => {
    const asked = deferred<void>();
    await using running = await startServer({
      held: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const { hostname, port } = new URL(running.url.graphql);
    const mute = connectTcp(Number(port), hostname);
    mute.on('error', () => {});
    const answer = post(running.url.graphql, { query: '{ held }' });
    const broken = expect(answer).rejects.toThrow();
    await asked.promise;
    await running.server.stop(50);
    await broken;
    expect(running.server.open).toEqual(NOTHING_OPEN);
    mute.destroy();
  });

  it('does not wait for connections that were opened and never used, as browsers open them', async () => {
    await using running = await startServer();
    const { hostname, port } = new URL(running.url.graphql);
    const unused = connectTcp(Number(port), hostname);
    await once(unused, 'connect');
    // The server has accepted the connection by the time it answers.
    await post(running.url.graphql, { query: '{ __typename }' });
    const closed = once(unused.resume(), 'close');
    // Far longer than a test may take.
    await running.server.stop(600_000);
    await closed;
    expect(running.server.open).toEqual(NOTHING_OPEN);
  });

  it('may be stopped twice', async () => {
    await using running = await startServer();
    await Promise.all([running.server.stop(1000), running.server.stop(1000)]);
    expect(running.server.open).toEqual(NOTHING_OPEN);
  });
});

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}

import { connect as connectTcp, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { post, startServer, type TestServer, type Tick } from '../support/start-server.ts';

const EVENTS = 20_000;
const EVENT_BYTES = 16_000;
const SLEEPING_SOCKETS = 5;
/** Less than the queue of a subscriber, so that a reader misses nothing. */
const BURST = 500;
const MEBIBYTE = 1024 * 1024;
const TICKS = 'subscription { ticks { number text } }';

/**
 * Together, the events have 320 MB on the wire, far more than the kernel buffers for a socket that
 * nobody reads.
 */
function tick(number: number): Tick {
  return { number, text: `${number}`.padStart(EVENT_BYTES, '.') };
}

describe('subscribers that do not read', () => {
  it('cost limited memory, harm nobody, and learn how much they missed', { timeout: 180_000 }, async () => {
    // Without pings, which would disconnect the sleeping WebSocket before its queue is tested.
    await using running = await startServer({ pingEveryMs: 600_000 });
    using sleepingSockets = await sleepOverWebSockets(running, SLEEPING_SOCKETS);
    using sleepingStream = await sleepOverSse(running);
    const reader = await readOverWebSocket(running);
    await running.waitForSubscriptions(SLEEPING_SOCKETS + 2);

    const before = memoryInUse();
    for (let published = 0; published < EVENTS; published += BURST) {
      running.live.publish(
        'ticks',
        Array.from({ length: BURST }, (_, index) => tick(published + index)),
      );
      await reader.waitFor(published + BURST);
    }
    expect(memoryInUse() - before).toBeLessThan(100 * MEBIBYTE);
    expect(reader.dropped).toBe(0);
    expect(running.server.open).toMatchObject({
      subscriptions: SLEEPING_SOCKETS + 2,
      webSockets: SLEEPING_SOCKETS + 1,
    });
    expect((await post(running.url.graphql, { query: '{ hello }' })).status).toBe(200);

    // They wake up: first they read what the kernel held, then the newest events of the queue, with
    // the number that was lost in between.
    for (const sleeper of [...sleepingSockets.all, sleepingStream]) {
      const lost = await sleeper.wakeUp();
      expect(lost).toBeGreaterThan(EVENTS / 2);
      expect(lost).toBeLessThan(EVENTS);
    }
    await reader.close();
  });

  it('are disconnected if they keep asking without reading', async () => {
    // The limit of one socket is reached, but not that of all long answers.
    await using running = await startServer({ environment: { MAX_RUNNING_BYTES: String(256 * MEBIBYTE) } });
    const { socket, closed } = await openWebSocket(running);
    socket.pause();
    // The rest of its message is just below the limit.
    const name = 'x'.repeat(MEBIBYTE - 1000);
    for (let id = 1; id <= 60; id++) {
      const payload = { query: 'query ($name: String) { hello(name: $name) }', variables: { name } };
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload }));
    }
    await expect
      .poll(() => running.log)
      .toContainEqual(
        expect.objectContaining({ msg: 'A WebSocket client does not read fast enough and was disconnected' }),
      );
    const [{ bufferedBytes }] = running.log as [{ bufferedBytes: number }];
    expect(bufferedBytes).toBeLessThan(20 * MEBIBYTE);
    socket.resume();
    expect(await closed).toEqual({ code: 1013, reason: 'The client does not read fast enough' });
    await running.waitForNothingOpen();
  });
});

describe('clients that do not read long answers', () => {
  it('are disconnected when these use all the memory, and other clients get their answers', async () => {
    await using running = await startServer({
      environment: { MAX_RUNNING_BYTES: String(24 * MEBIBYTE) },
      held: () => Promise.resolve('x'.repeat(200_000)),
    });
    // 10 MB, some of which are in buffers of the network.
    const query = `{ ${Array.from({ length: 50 }, (_, index) => `a${index}: held`).join(' ')} }`;
    const { socket, closed } = await openWebSocket(running);
    socket.pause();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    const stream = await askOverHttp(running, { query });
    const gone = new Promise((resolve) => stream.once('close', resolve));
    for (let asked = 0; asked < 2; asked++) {
      const { body } = await post(running.url.graphql, { query });
      expect(body.data['a49']).toHaveLength(200_000);
    }
    const broken = expect.objectContaining({ msg: expect.stringContaining('others wait for room') });
    await expect.poll(() => running.log).toEqual([broken, broken]);
    socket.resume();
    stream.resume();
    expect(await closed).toMatchObject({ code: 1006 });
    await gone;
  });
});

interface Sleeper extends Disposable {
  /** Reads until a result reports how many were dropped before it. */
  wakeUp(): Promise<number>;
}

async function openWebSocket({ url }: TestServer) {
  const socket = new WebSocket(url.webSocket, 'graphql-transport-ws');
  const closed = new Promise<object>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const acknowledged = new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await acknowledged;
  return { socket, closed };
}

async function sleepOverWebSocket(running: TestServer): Promise<Sleeper> {
  const { socket } = await openWebSocket(running);
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: TICKS } }));
  socket.pause();
  return {
    wakeUp: () =>
      new Promise((resolve) => {
        socket.on('message', (data) => {
          const { payload } = JSON.parse(String(data));
          if (payload.extensions) resolve(payload.extensions.dropped);
        });
        socket.resume();
      }),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

async function sleepOverWebSockets(running: TestServer, count: number) {
  const all = await Promise.all(Array.from({ length: count }, () => sleepOverWebSocket(running)));
  return {
    all,
    [Symbol.dispose]() {
      for (const sleeper of all) sleeper[Symbol.dispose]();
    },
  };
}

/** Sends an operation over a connection that nobody reads yet. */
async function askOverHttp({ url }: TestServer, operation: object, accept = 'application/json') {
  const { hostname, port, host, pathname } = new URL(url.graphql);
  const socket: Socket = connectTcp(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.on('error', () => {});
  const body = JSON.stringify(operation);
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: ${accept}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function sleepOverSse(running: TestServer): Promise<Sleeper> {
  const socket = await askOverHttp(running, { query: TICKS }, 'text/event-stream');
  return {
    wakeUp: () =>
      new Promise((resolve) => {
        let tail = '';
        socket.on('data', (data) => {
          tail = tail.slice(-100) + data.toString('latin1');
          const found = /"dropped":(\d+)/.exec(tail);
          if (found) resolve(Number(found[1]));
        });
      }),
    [Symbol.dispose]: () => socket.destroy(),
  };
}

async function readOverWebSocket({ url }: TestServer) {
  let received = 0;
  let dropped = 0;
  let wake = () => {};
  const client = createClient({ url: url.webSocket, webSocketImpl: WebSocket });
  client.subscribe<{ ticks: Tick }>(
    { query: TICKS },
    {
      next({ data, extensions }) {
        // In order and without gaps.
        if (data?.ticks.number === received) received += 1;
        dropped += Number((extensions as { dropped?: number } | undefined)?.dropped ?? 0);
        wake();
      },
      error: (reason) => expect.unreachable(String(reason)),
      complete() {},
    },
  );
  return {
    get dropped() {
      return dropped;
    },
    async waitFor(count: number) {
      while (received < count) await new Promise<void>((resolve) => (wake = resolve));
    },
    async close() {
      await client.dispose();
    },
  };
}

/** The bytes that are in use on and off the heap after a garbage collection. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

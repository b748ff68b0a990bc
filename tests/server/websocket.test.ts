import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type TestServer } from '../support/start-server.ts';

const PROTOCOL = 'graphql-transport-ws';
const TICKS = 'subscription { ticks { number } }';

/** A low-level client of the protocol: messages in, messages out. */
interface RawClient extends Disposable {
  readonly socket: WebSocket;
  send(message: object): void;
  /** The next message that arrived. */
  receive(): Promise<Record<string, unknown>>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

async function connect(
  { url }: TestServer,
  options: { origin?: string; init?: boolean } = {},
): Promise<RawClient> {
  const socket = new WebSocket(url.webSocket, PROTOCOL, {
    ...(options.origin && { origin: options.origin }),
  });
  const messages: Record<string, unknown>[] = [];
  const waiting: ((message: Record<string, unknown>) => void)[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    const reader = waiting.shift();
    if (reader) reader(message);
    else messages.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const client: RawClient = {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    receive() {
      const message = messages.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
  if (options.init !== false) {
    client.send({ type: 'connection_init' });
    expect(await client.receive()).toEqual({ type: 'connection_ack' });
  }
  return client;
}

const subscribe = (id: string, query: string, rest: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...rest },
});

describe('GraphQL over WebSocket', () => {
  it('carries subscriptions', async () => {
    await using running = await startServer();
    using client = await connect(running);
    client.send(subscribe('1', TICKS));
    await running.waitForSubscriptions(1);
    running.live.publish('ticks', [{ number: 1 }, { number: 2 }]);
    expect(await client.receive()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { ticks: { number: 1 } } },
    });
    expect(await client.receive()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { ticks: { number: 2 } } },
    });
    client.send({ id: '1', type: 'complete' });
    await running.waitForSubscriptions(0);
    expect(running.live.hasSubscribers('ticks')).toBe(false);
  });

  it('reports a number that lost digits', async () => {
    await using running = await startServer();
    using client = await connect(running);
    const query = 'query A($value: JSON!) { inexact(value: $value) }';
    const message = JSON.stringify(subscribe('1', query, { variables: { value: { n: 'long' } } }));
    client.socket.send(message.replace('"long"', '1000000000000000000000001'));
    const payload = { data: { inexact: '.n' } };
    expect(await client.receive()).toEqual({ id: '1', type: 'next', payload });
  });

  it('carries queries and mutations, with variables and by name', async () => {
    await using running = await startServer();
    using client = await connect(running);
    const query = 'query A($name: String) { hello(name: $name) } mutation B { add(left: 1, right: 2) }';
    client.send(subscribe('1', query, { operationName: 'A', variables: { name: 'Ada' } }));
    expect(await client.receive()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { hello: 'Hello Ada' } },
    });
    expect(await client.receive()).toEqual({ id: '1', type: 'complete' });
    client.send(subscribe('2', query, { operationName: 'B' }));
    expect(await client.receive()).toEqual({ id: '2', type: 'next', payload: { data: { add: 3 } } });
  });

  it('works with the usual client', async () => {
    await using running = await startServer();
    const client = createClient({ url: running.url.webSocket, webSocketImpl: WebSocket });
    const results = client.iterate({ query: TICKS });
    const first = results.next();
    await running.waitForSubscriptions(1);
    running.live.publish('ticks', [{ number: 7 }]);
    expect((await first).value).toEqual({ data: { ticks: { number: 7 } } });
    await results.return?.();
    await running.waitForSubscriptions(0);
    await client.dispose();
  });

  it.each([
    ['a syntax error', '{ hello', 'Syntax Error: Expected Name, found <EOF>.', 'BAD_USER_INPUT'],
    ['an unknown field', '{ hallo }', /^Cannot query field "hallo"/, 'BAD_USER_INPUT'],
    [
      'too many aliases',
      `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: hello`)} }`,
      /aliases/,
      'QUERY_TOO_COMPLEX',
    ],
  ])('answers %s for that operation, and the connection stays open', async (_, query, message, code) => {
    await using running = await startServer();
    using client = await connect(running);
    client.send(subscribe('1', query));
    expect(await client.receive()).toEqual({
      id: '1',
      type: 'error',
      payload: [
        expect.objectContaining({
          message: typeof message === 'string' ? message : expect.stringMatching(message),
          extensions: expect.objectContaining({ code }),
        }),
      ],
    });
    client.send(subscribe('2', '{ hello }'));
    expect(await client.receive()).toMatchObject({ id: '2', type: 'next' });
  });

  it('hides internal errors', async () => {
    await using running = await startServer();
    using client = await connect(running);
    client.send(subscribe('1', '{ broken }'));
    const message = await client.receive();
    expect(message).toMatchObject({ payload: { errors: [{ extensions: { code: 'INTERNAL' } }] } });
    expect(JSON.stringify(message)).not.toContain('secret');
  });

  it.each([
    ['a syntax error', '{ a', {}, 'error'],
    ['a field that does not exist', '{ nothing }', {}, 'error'],
    ['a document that is too deep', `${'{ a '.repeat(20)}${'}'.repeat(20)}`, {}, 'error'],
    ['an unknown trusted document', '', { documentId: `sha256:${'0'.repeat(64)}` }, 'error'],
    [
      'several operations, of which none is named',
      'query A { __typename } query B { __typename }',
      {},
      'error',
    ],
    ['an operation that does not exist', 'query A { __typename }', { operationName: 'B' }, 'error'],
    ['a variable of the wrong type', 'query ($on: Boolean!) { a: __typename @include(if: $on) }', {}, 'next'],
  ])('refuses %s with a code, and without the status of HTTP', async (_case, query, rest, type) => {
    await using running = await startServer();
    using client = await connect(running);
    client.send(subscribe('1', query, rest));
    const message = await client.receive();
    expect(message['type']).toBe(type);
    const payload = message['payload'] as { readonly errors?: unknown };
    const [error] = (payload.errors ?? payload) as { readonly extensions: Record<string, unknown> }[];
    expect(error?.extensions['code']).toMatch(/^(?:BAD_USER_INPUT|QUERY_TOO_COMPLEX|NOT_FOUND)$/);
    expect(error?.extensions).not.toHaveProperty('http');
  });

  it('runs at most 100 operations of a connection at a time', async () => {
    await using running = await startServer();
    using client = await connect(running);
    for (let id = 1; id <= 101; id++) client.send(subscribe(String(id), TICKS));
    expect(await client.receive()).toMatchObject({
      id: '101',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    expect(running.server.open.subscriptions).toBe(100);
  });

  it('ends the operations of a client that has disconnected', async () => {
    await using running = await startServer();
    using client = await connect(running);
    client.send(subscribe('1', TICKS));
    await running.waitForSubscriptions(1);
    client.socket.terminate();
    await running.waitForNothingOpen();
    expect(running.live.hasSubscribers('ticks')).toBe(false);
  });

  it('detects by pings that a client has vanished', async () => {
    await using running = await startServer({ pingEveryMs: 20 });
    using silent = await connect(running);
    using alive = await connect(running);
    // A socket that is not read answers no pings, like one behind an unplugged cable.
    silent.socket.pause();
    await expect.poll(() => running.server.open.webSockets).toBe(1);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('does not read messages beyond the limit', async () => {
    await using running = await startServer({ environment: { MAX_BODY_BYTES: '2000' } });
    using client = await connect(running);
    client.send(subscribe('1', `{ hello } #${'.'.repeat(2000)}`));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('requires a connection_init message first', async () => {
    await using running = await startServer();
    using client = await connect(running, { init: false });
    client.send(subscribe('1', '{ hello }'));
    expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('closes if a client never initializes the connection, even if it does not read', async () => {
    const options = { environment: { MAX_SOCKETS_PER_ADDRESS: '2' }, initWithinMs: 20, closeWithinMs: 20 };
    await using running = await startServer(options);
    using silent = await connect(running, { init: false });
    silent.socket.pause();
    using other = await connect(running, { init: false });
    expect(await other.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
    await expect.poll(() => running.server.open.webSockets).toBe(0);
    // Neither counts for its address any longer.
    for (const client of await Promise.all([connect(running), connect(running)])) client[Symbol.dispose]();
  });

  it('closes on anything that is not a message', async () => {
    await using running = await startServer();
    using client = await connect(running);
    client.socket.send('hello');
    expect(await client.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  it('can be opened only by pages of this server', async () => {
    await using running = await startServer();
    using own = await connect(running, { origin: new URL(running.url.graphql).origin });
    expect(own.socket.readyState).toBe(WebSocket.OPEN);
    await expect(connect(running, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(connect(running, { origin: 'null' })).rejects.toThrow('403');
  });

  it('is served at one path', async () => {
    await using running = await startServer();
    const socket = new WebSocket(new URL('/ws', running.url.webSocket), PROTOCOL);
    const failure = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(failure.message).toContain('404');
  });
});

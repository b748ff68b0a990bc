import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TelltaleError } from '../../../src/core/errors.ts';
import { createByteBudget } from '../../../src/server/limits/byte-budget.ts';
import { type MeteredSocket, meterIncoming } from '../../../src/server/limits/socket-limits.ts';
import { callerOf } from '../../support/callers.ts';
import { startServer, type TestServer } from '../../support/start-server.ts';

const MEBIBYTE = 1024 * 1024;
const PROTOCOL = 'graphql-transport-ws';
const RECORD = 'mutation ($input: [EventInput!]!) { record(input: $input) }';

interface Client extends Disposable {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object): void;
  receive(): Promise<unknown>;
}

async function open({ url }: TestServer, protocols: string | string[] = PROTOCOL): Promise<Client> {
  const socket = new WebSocket(url.webSocket, protocols);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    receive: async () => JSON.parse(String((await once(socket, 'message'))[0])),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

async function openAcknowledged(running: TestServer): Promise<Client> {
  const client = await open(running);
  client.send({ type: 'connection_init' });
  expect(await client.receive()).toEqual({ type: 'connection_ack' });
  return client;
}

const subscribe = (query: string, variables: object = {}) => ({
  id: '1',
  type: 'subscribe',
  payload: { query, variables },
});
const textOf = (bytes: number) => ({ input: [{ text: 'x'.repeat(bytes) }] });

describe('the start of a WebSocket', () => {
  it('is closed with 4408 if no connection_init comes', async () => {
    await using running = await startServer({ initWithinMs: 20 });
    using client = await open(running);
    expect(await client.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('is closed with 4406 without the right subprotocol', async () => {
    await using running = await startServer();
    using client = await open(running, []);
    expect(await client.closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
  });

  it('is closed with 4403 if it is refused because of its payload', async () => {
    await using running = await startServer({
      access: {
        isOpen: false,
        async authenticate({ key }) {
          if (key === 'right') return callerOf();
          throw new TelltaleError('UNAUTHENTICATED', 'The API key is not valid.');
        },
      },
    });
    using refused = await open(running);
    refused.send({ type: 'connection_init', payload: { authorization: 'Bearer wrong' } });
    expect(await refused.closed).toEqual({ code: 4403, reason: 'The API key is not valid.' });
    using taken = await open(running);
    taken.send({ type: 'connection_init', payload: { 'X-API-Key': 'right' } });
    expect(await taken.receive()).toEqual({ type: 'connection_ack' });
  });

  it('is closed with 1009 if an unauthenticated client sends more than 16 KiB', async () => {
    await using running = await startServer();
    using client = await open(running);
    // The first frame of a message that never completes.
    client.socket.send('x'.repeat(20_000), { fin: false });
    expect(await client.closed).toEqual({
      code: 1009,
      reason: 'connection_init may have at most 16384 bytes',
    });
  });

  it('is closed with 4429 if connection_init comes twice', async () => {
    await using running = await startServer();
    using client = await openAcknowledged(running);
    client.send({ type: 'connection_init' });
    expect(await client.closed).toMatchObject({ code: 4429 });
  });
});

describe('the WebSockets of an address', () => {
  it('are limited, and one that closes makes room', async () => {
    await using running = await startServer({ environment: { MAX_SOCKETS_PER_ADDRESS: '2' } });
    using first = await openAcknowledged(running);
    using second = await openAcknowledged(running);
    await expect(open(running)).rejects.toThrow('429');
    first.socket.close();
    await first.closed;
    await expect.poll(() => running.server.open.webSockets).toBe(1);
    using third = await openAcknowledged(running);
    expect([second.socket.readyState, third.socket.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  });
});

describe('a message over WebSocket', () => {
  it('may have more than 1 MiB if it is ingest', async () => {
    await using running = await startServer();
    using client = await openAcknowledged(running);
    client.send(subscribe(RECORD, textOf(2 * MEBIBYTE)));
    expect(await client.receive()).toEqual({ id: '1', type: 'next', payload: { data: { record: 1 } } });
  });

  it('may not if it is another operation, which gets an error while the connection stays open', async () => {
    await using running = await startServer();
    using client = await openAcknowledged(running);
    client.send(subscribe('query ($name: String) { hello(name: $name) }', { name: 'x'.repeat(MEBIBYTE) }));
    expect(await client.receive()).toEqual({
      id: '1',
      type: 'error',
      payload: [
        {
          message:
            'The message is larger than 1048576 bytes. Only messages with `record…` mutations may be ' +
            'larger.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    client.send(subscribe('{ hello }'));
    expect(await client.receive()).toMatchObject({ type: 'next' });
  });

  it.each(['ping', 'connection_init'])('may not if it is a %s', async (type) => {
    await using running = await startServer();
    using client = type === 'ping' ? await openAcknowledged(running) : await open(running);
    client.send({ type, payload: { text: 'x'.repeat(MEBIBYTE) } });
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('is refused before it is read if it has 20 MB', async () => {
    await using running = await startServer();
    using client = await openAcknowledged(running);
    client.send(subscribe(RECORD, textOf(20_000_000)));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('shares the budget of bytes with all others while it arrives', async () => {
    const environment = {
      MAX_BODY_BYTES: String(MEBIBYTE),
      MAX_INGEST_BODY_BYTES: String(MEBIBYTE),
      REQUEST_BUDGET_BYTES: String(3 * MEBIBYTE),
    };
    await using running = await startServer({ environment });
    const clients = await Promise.all(Array.from({ length: 3 }, () => openAcknowledged(running)));
    for (const { socket } of clients) socket.send('x'.repeat(MEBIBYTE - 1), { fin: false });
    expect(await Promise.race(clients.map(({ closed }) => closed))).toEqual({
      code: 1013,
      reason: 'The server is overloaded',
    });
    for (const client of clients) client[Symbol.dispose]();
    await running.waitForNothingOpen();
    using next = await openAcknowledged(running);
    next.send(subscribe(RECORD, textOf(MEBIBYTE - 1000)));
    expect(await next.receive()).toMatchObject({ type: 'next' });
  });

  it('is closed if it is never completed', async () => {
    await using running = await startServer({ messageMs: 40 });
    using client = await openAcknowledged(running);
    client.socket.send('{', { fin: false });
    expect(await client.closed).toEqual({ code: 1013, reason: 'A message came too slowly' });
  });

  it('is not too slow if it had only just begun at the check', () => {
    const codes: number[] = [];
    const socket = Object.assign(new EventEmitter(), {
      ...{ readyState: WebSocket.OPEN, OPEN: WebSocket.OPEN },
      close: (code: number) => codes.push(code),
    });
    const request = { headers: {}, socket: new EventEmitter() };
    let check = () => {};
    const checks = {
      add(visit: () => void) {
        check = visit;
        return () => {};
      },
    };
    const metered = { socket, request, caller: 'somebody' } as unknown as MeteredSocket;
    meterIncoming(metered, { budget: createByteBudget(MEBIBYTE) }, checks);
    check();
    request.socket.emit('data', Buffer.alloc(10));
    check();
    expect(codes).toEqual([]);
    check();
    expect(codes).toEqual([1013]);
    socket.emit('close');
  });

  it('uses the budget, but pings do not', async () => {
    const environment = {
      MAX_BODY_BYTES: '10000',
      MAX_INGEST_BODY_BYTES: '10000',
      REQUEST_BUDGET_BYTES: String(MEBIBYTE),
    };
    await using running = await startServer({ environment });
    using client = await openAcknowledged(running);
    // Together, the pings exceed the budget. `ws` itself disconnects clients that send more without
    // reading.
    for (let round = 0; round < 500; round++) {
      const answered = new Promise((resolve) => {
        client.socket.on('pong', (data) => String(data) === `last ${round}` && resolve('answered'));
      });
      for (let ping = 0; ping < 20; ping++) client.socket.ping('x'.repeat(120));
      client.socket.ping(`last ${round}`);
      expect(await Promise.race([answered, client.closed])).toBe('answered');
      client.socket.removeAllListeners('pong');
    }
    client.send(subscribe('{ hello }'));
    expect(await client.receive()).toMatchObject({ type: 'next' });
  });
});

import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Access } from '../../../src/access/authenticate.ts';
import { callerOf } from '../../support/callers.ts';
import { startServer, type TestServer } from '../../support/start-server.ts';
import { send, type Transport } from '../../support/three-transports.ts';

const TICKS = { query: 'subscription { ticks { number } }' };

/** Any text is a valid key until it is revoked. */
function accessByKey() {
  const revoked = new AbortController();
  const access: Access = {
    isOpen: false,
    authenticate: async ({ key }) => ({ ...callerOf(), keyId: key, signal: revoked.signal }),
  };
  return { access, revoke: () => revoked.abort('The API key was revoked.') };
}

/** Ends a subscription. */
type End = () => void;

async function overSocket({ url }: TestServer, headers: object): Promise<{ socket: WebSocket; end: End }> {
  const socket = new WebSocket(url.webSocket, 'graphql-transport-ws', { headers: { ...headers } });
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: headers }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: TICKS }));
  return { socket, end: () => socket.send(JSON.stringify({ id: '1', type: 'complete' })) };
}

/** `fetch` is not used here, because it connects again when a stream breaks off. */
async function overStream({ url }: TestServer, headers: object): Promise<End> {
  const asking = request(url.graphql, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    agent: false,
  });
  asking.end(JSON.stringify(TICKS));
  const [response] = await once(asking, 'response');
  expect(response.statusCode).toBe(200);
  response.on('error', () => {}).resume();
  return () => response.destroy();
}

const keyOf = (key: string) => ({ authorization: `Bearer ${key}` });
const from = (address: string) => ({ 'x-forwarded-for': address });

function trySubscribing(
  { url }: TestServer,
  transport: Transport,
  headers: Readonly<Record<string, string>>,
) {
  return send(transport, { graphql: url.graphql, webSocket: url.webSocket, headers }, TICKS);
}

const refusal = (code: string, message: string) => [
  { message: expect.stringContaining(message), extensions: { code, retryAfterMs: 10_000 } },
];
const ownShare = (share: number) => refusal('RATE_LIMITED', `may run ${share} subscriptions at a time`);
const allTaken = (most: number) => refusal('OVERLOADED', `runs ${most} subscriptions, as many as it may`);

describe('the subscriptions of a server', () => {
  it('are limited over all transports together, and those of a key to half', async () => {
    const { access } = accessByKey();
    await using running = await startServer({ access, environment: { MAX_SUBSCRIPTIONS: '4' } });
    const one = await overSocket(running, keyOf('one'));
    const leave = await overStream(running, keyOf('one'));
    await running.waitForSubscriptions(2);
    for (const transport of ['sse', 'webSocket'] as const)
      expect((await trySubscribing(running, transport, keyOf('one'))).errors).toMatchObject(ownShare(2));
    const ends = [await overStream(running, keyOf('two')), await overStream(running, keyOf('two'))];
    for (const transport of ['sse', 'webSocket'] as const)
      expect((await trySubscribing(running, transport, keyOf('three'))).errors).toMatchObject(allTaken(4));
    ends[0]?.();
    await running.waitForSubscriptions(3);
    const three = await overSocket(running, keyOf('three'));
    await running.waitForSubscriptions(4);
    for (const end of [leave, ...ends]) end();
    for (const { socket } of [one, three]) socket.terminate();
    await running.waitForSubscriptions(0);
  });

  it('make room when they end, in any way', async () => {
    const { access, revoke } = accessByKey();
    await using running = await startServer({ access, environment: { MAX_SUBSCRIPTIONS: '1' } });
    const ends: Record<string, () => Promise<End>> = {
      complete: async () => (await overSocket(running, keyOf('one'))).end,
      close: async () => {
        const { socket } = await overSocket(running, keyOf('one'));
        return () => socket.close();
      },
      leave: () => overStream(running, keyOf('one')),
      revoke: async () => {
        await overStream(running, keyOf('one'));
        return revoke;
      },
    };
    for (const [how, begin] of Object.entries(ends)) {
      const end = await begin();
      await running.waitForSubscriptions(1);
      expect((await trySubscribing(running, 'sse', keyOf('two'))).errors, how).toMatchObject(allTaken(1));
      end();
      await running.waitForSubscriptions(0);
    }
  });

  it('are limited to half for an address if there are no keys', async () => {
    const environment = { MAX_SUBSCRIPTIONS: '2', TRUSTED_PROXIES: '127.0.0.1' };
    await using running = await startServer({ environment });
    const leave = await overStream(running, from('192.0.2.1'));
    const refused = await trySubscribing(running, 'sse', from('192.0.2.1'));
    expect(refused).toMatchObject({ status: 429, errors: ownShare(1) });
    const { socket } = await overSocket(running, from('192.0.2.2'));
    await running.waitForSubscriptions(2);
    const other = await trySubscribing(running, 'sse', from('192.0.2.3'));
    expect(other).toMatchObject({ status: 200, errors: allTaken(2) });
    leave();
    socket.terminate();
    await running.waitForSubscriptions(0);
  });
});

describe('the streams of an address', () => {
  it('are limited together with its WebSockets', async () => {
    await using running = await startServer({ environment: { MAX_SOCKETS_PER_ADDRESS: '2' } });
    const { socket } = await overSocket(running, {});
    const leave = await overStream(running, {});
    await running.waitForSubscriptions(2);
    const text = 'may have 2 WebSockets and streams of subscriptions open (MAX_SOCKETS_PER_ADDRESS)';
    const refused = await trySubscribing(running, 'sse', {});
    expect(refused).toMatchObject({ status: 429, errors: refusal('RATE_LIMITED', text) });
    await expect(overSocket(running, {})).rejects.toThrow('429');
    leave();
    await running.waitForSubscriptions(1);
    const again = await overStream(running, {});
    socket.terminate();
    again();
    await running.waitForSubscriptions(0);
  });
});

import { once } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPortions } from '../../src/runtime/portions.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

const TICKS = 'subscription { ticks { number text } }';

/** A client whose operations have an id that no other client uses. */
async function subscribe({ url }: TestServer, id: string) {
  const socket = new WebSocket(url.webSocket, 'graphql-transport-ws');
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await expect.poll(() => messages.length).toBe(1);
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: TICKS } }));
  return { socket, messages, [Symbol.dispose]: () => socket.terminate() };
}

const next = (id: string, number: number, text: string | null = null) => ({
  id,
  type: 'next',
  payload: { data: { ticks: { number, text } } },
});

describe('messages of one event to several WebSockets', () => {
  it('differ by their ids, including long and unusual ones', async () => {
    await using running = await startServer();
    const ids = ['1', 'ü"\\\u0000', 'x'.repeat(300)];
    using first = await subscribe(running, ids[0] as string);
    using second = await subscribe(running, ids[1] as string);
    using third = await subscribe(running, ids[2] as string);
    await running.waitForSubscriptions(3);
    const texts = [null, 'žluť', 'a'.repeat(20_000), '€'.repeat(300_000)];
    running.live.publish(
      'ticks',
      texts.map((text, number) => ({ number, ...(text !== null && { text }) })),
    );
    for (const [index, { messages }] of [first, second, third].entries()) {
      await expect.poll(() => messages.length, { timeout: 5_000 }).toBe(1 + texts.length);
      const expected = texts.map((text, number) => next(ids[index] as string, number, text));
      expect(messages.slice(1).map((message) => JSON.parse(message))).toEqual(expected);
    }
  });

  it('stop for a client that completes, and end for all with the last client', async () => {
    await using running = await startServer();
    using leaver = await subscribe(running, 'a');
    using stayer = await subscribe(running, 'b');
    await running.waitForSubscriptions(2);
    leaver.socket.send(JSON.stringify({ id: 'a', type: 'complete' }));
    await running.waitForSubscriptions(1);
    running.live.publish('ticks', [{ number: 1 }]);
    await expect.poll(() => stayer.messages.slice(1).map((text) => JSON.parse(text))).toEqual([next('b', 1)]);
    expect(leaver.messages.length).toBe(1);
    running.live.close();
    await expect.poll(() => stayer.messages[2]).toBe('{"id":"b","type":"complete"}');
    await running.waitForSubscriptions(0);
  });
});

/** Sends events to this many streams, and returns how many portions it took to write a long one. */
async function portionsFor(count: number): Promise<number> {
  let portionsOfText = 0;
  const pass = async (microseconds: number) => {
    if (microseconds > 1_000) portionsOfText++;
  };
  await using running = await startServer({ portions: { ...createPortions(), pass } });
  const streams = await Promise.all(Array.from({ length: count }, () => openStream(running)));
  await running.waitForSubscriptions(count);
  const texts = ['a'.repeat(600_000), null, 'ü"\n'];
  running.live.publish(
    'ticks',
    texts.map((text, number) => ({ number, text })),
  );
  running.live.close();
  for (const stream of streams) {
    const events = (await stream.text()).split('\n\n').filter((part) => part.startsWith('event: next'));
    const sent = events.map((event) => JSON.parse(event.slice(event.indexOf('{'))));
    expect(sent).toEqual(texts.map((text, number) => ({ data: { ticks: { number, text } } })));
  }
  return portionsOfText;
}

test('an event to several streams is written as text once, even if that takes long', async () => {
  const ofOne = await portionsFor(1);
  expect(ofOne).toBeGreaterThan(0);
  expect(await portionsFor(3)).toBe(ofOne);
});

const openStream = ({ url }: TestServer): Promise<Response> =>
  fetch(url.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: TICKS }),
  });

/**
 * Many subscribers over WebSocket, in a separate process. A broken connection continues on another
 * server.
 */
import { WebSocket } from 'ws';
import { serveParent } from '../lib/child.ts';

export type SubscriberQuestion =
  | {
      readonly kind: 'open';
      /** WebSocket URLs, which the subscribers use in rotation. */
      readonly urls: readonly string[];
      readonly count: number;
      /** How many different values of `service` the filters use. */
      readonly services: number;
    }
  /** How many subscribers have received anything. */
  | { readonly kind: 'active' }
  | { readonly kind: 'received' }
  | { readonly kind: 'close' };

/** One delivery: which subscriber, which event, when in epoch milliseconds. */
export type Received = readonly [subscriber: number, id: string, at: number];

export interface SubscriberReport {
  readonly received: readonly Received[];
  /** The subscribers whose connection broke. */
  readonly moved: readonly number[];
  readonly errors: readonly string[];
}

const DOCUMENT = `subscription ($filter: LlmCallFilter, $after: String) {
  llmCallRecorded(filter: $filter, after: $after) { uuid }
}`;
const RETRY_MS = 200;
const OPENED_AT_ONCE = 50;

const received: Received[] = [];
const active = new Set<number>();
const moved = new Set<number>();
const errors: string[] = [];
const sockets = new Map<number, WebSocket>();
let isClosing = false;

const now = () => performance.timeOrigin + performance.now();

function subscribe(urls: readonly string[], number: number, services: number, turn = number): Promise<void> {
  let position = '';
  return connect(turn);

  function connect(attempt: number): Promise<void> {
    const socket = new WebSocket(urls[attempt % urls.length] ?? '', 'graphql-transport-ws');
    sockets.set(number, socket);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (isClosing) return;
      moved.add(number);
      setTimeout(() => void connect(attempt + 1), RETRY_MS);
    });
    return new Promise((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'connection_ack') {
          const filter = { service: { eq: `service-${number % services}` } };
          const payload = { query: DOCUMENT, variables: { filter, after: position } };
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
          resolve();
        } else if (message.type === 'next' && message.payload.data) {
          active.add(number);
          received.push([number, message.payload.data.llmCallRecorded.uuid, now()]);
          position = message.payload.extensions.position;
        } else if (message.type === 'ping') socket.send('{"type":"pong"}');
        else errors.push(JSON.stringify(message));
      });
    });
  }
}

serveParent<SubscriberQuestion>(async (question) => {
  if (question.kind === 'open') {
    for (let first = 0; first < question.count; first += OPENED_AT_ONCE) {
      const some = Array.from({ length: Math.min(OPENED_AT_ONCE, question.count - first) }, (_, index) =>
        subscribe(question.urls, first + index, question.services),
      );
      await Promise.all(some);
    }
    return true;
  }
  if (question.kind === 'active') return active.size;
  if (question.kind === 'received') {
    const report: SubscriberReport = { received, moved: [...moved], errors };
    return report;
  }
  isClosing = true;
  for (const socket of sockets.values()) socket.terminate();
  return true;
});

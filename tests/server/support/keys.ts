import { WebSocket } from 'ws';
import type { NewKey } from '../../../src/access/keys.ts';
import { llmCall } from '../../support/events.ts';
import type { TestApp } from '../../support/start-app.ts';

export const COUNT = { query: '{ llmCalls { totalCount } }' };
export const TAIL = { query: 'subscription { llmCallRecorded { model } }' };
export const record = (model: string) => ({
  query: 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
  variables: { input: [llmCall({ model })] },
});
export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

export async function makeKey({ app }: TestApp, key: Partial<NewKey> = {}) {
  const { text, key: made } = await app.services.keys.create({
    projectId: 'default',
    scopes: ['READ', 'INGEST'],
    ...key,
  });
  return { id: made.id, text };
}

/** A WebSocket that has sent its `connection_init`. */
export interface OpenSocket {
  /** Resolves when the server has accepted it. */
  readonly acknowledged: Promise<void>;
  /** Resolves with the code and the reason when the server closes it. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export function openSocket(running: TestApp, payload?: object): OpenSocket {
  const socket = new WebSocket(running.webSocketUrl, 'graphql-transport-ws');
  socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  return {
    acknowledged: new Promise((resolve) => socket.once('message', () => resolve())),
    closed: new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    }),
  };
}

export const closeOf = (running: TestApp, payload?: object): OpenSocket['closed'] =>
  openSocket(running, payload).closed;

export function stream({ url }: TestApp, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(TAIL),
  });
}

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** An answer, over any transport. `status` is null over WebSocket. */
export interface TransportAnswer {
  readonly status: number | null;
  /** The whole answer as text. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: matchers look into errors
  readonly errors: any[];
}

export interface Endpoints {
  readonly graphql: string;
  readonly webSocket: string;
  /** Sent with each request, or as the payload of `connection_init`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly query: string;
  readonly documentId?: string;
  readonly variables?: Record<string, unknown>;
}

/**
 * The paths of an operation into the server: the direct path, Yoga's own path (by an Accept header
 * that the direct path does not know), Yoga's path as SSE, and WebSocket.
 */
export const transports = ['direct', 'yoga', 'sse', 'webSocket'] as const;
export type Transport = (typeof transports)[number];

const ACCEPT = {
  direct: 'application/graphql-response+json',
  yoga: 'application/graphql-response+json, text/plain',
  sse: 'text/event-stream',
} as const;

export function send(
  transport: Transport,
  endpoints: Endpoints,
  operation: Operation,
): Promise<TransportAnswer> {
  if (transport === 'webSocket') return sendOverWebSocket(endpoints, operation);
  return sendBody(transport, endpoints.graphql, JSON.stringify(operation), endpoints.headers);
}

/** POSTs a body as it is. */
export async function sendBody(
  transport: Exclude<Transport, 'webSocket'>,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TransportAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: ACCEPT[transport] },
    body,
  });
  return readAnswer(response);
}

/** Reads JSON, or the first event of a stream. */
export async function readAnswer(response: Response): Promise<TransportAnswer> {
  const text = await response.text();
  const json = /^data: (\{.*\})$/m.exec(text)?.[1] ?? text;
  return { status: response.status, text, errors: JSON.parse(json).errors ?? [] };
}

async function sendOverWebSocket(
  { webSocket: url, headers = {} }: Endpoints,
  operation: Operation,
): Promise<TransportAnswer> {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: headers });
  try {
    const errors = await new Promise<unknown>((resolve, reject) => {
      client.subscribe(operation, {
        next: (result) => resolve(result.errors ?? []),
        // A list is an `error` message. Anything else means that the socket was closed.
        error: (cause) => (Array.isArray(cause) ? resolve(cause) : reject(cause)),
        complete: () => undefined,
      });
    });
    return { status: null, text: JSON.stringify(errors), errors: errors as TransportAnswer['errors'] };
  } finally {
    await client.dispose();
  }
}

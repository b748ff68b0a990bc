import { type ReadonlySignal, signal, useSignalEffect } from '@preact/signals';
import { type Client, createClient } from 'graphql-ws';
import { credentials, type Document } from './ask.ts';
import { doubt } from './connection.ts';

export interface Events<Event> {
  readonly onEvent: (event: Event, dropped: number) => void;
  /** The connection was lost and is back: what happened meanwhile was not delivered. */
  readonly onResumed?: () => void;
  readonly onError?: (message: string) => void;
}

const connected = signal(false);

/** Whether the WebSocket is open. */
export const isLive: ReadonlySignal<boolean> = connected;

let client: Client | undefined;
let inUse = '';

/** One WebSocket for the whole page; a new one when the key or the project has changed. */
function clientFor(payload: Record<string, string>): Client {
  const wanted = JSON.stringify(payload);
  if (client !== undefined && inUse === wanted) return client;
  void client?.dispose();
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  inUse = wanted;
  client = createClient({
    url: `${scheme}://${window.location.host}/graphql`,
    connectionParams: payload,
    retryAttempts: Number.POSITIVE_INFINITY,
    // From half a second to ten, a little apart from other pages.
    retryWait: (tries) =>
      new Promise((done) =>
        setTimeout(done, Math.min(500 * 1.6 ** tries, 10_000) * (0.8 + Math.random() * 0.4)),
      ),
    shouldRetry: () => true,
    // Where a network dies silently, nobody closes the connection.
    keepAlive: 10_000,
    on: {
      connected: () => {
        connected.value = true;
      },
      closed: () => {
        connected.value = false;
        void doubt();
      },
    },
  });
  return client;
}

/**
 * Subscribes while the component is there. `variables` must read signals only, as in `useQuery`; null
 * ends the subscription.
 */
export function useLive<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: () => Variables | null,
  events: Events<Result>,
): void {
  useSignalEffect(() => {
    const input = variables();
    if (input === null) return;
    const socket = clientFor(credentials());
    let wasOpen = connected.peek();
    const stopWatching = socket.on('connected', () => {
      if (wasOpen) events.onResumed?.();
      wasOpen = true;
    });
    const unsubscribe = socket.subscribe<Result, { dropped?: number }>(
      { query: String(document), variables: input },
      {
        next: ({ data, errors, extensions }) => {
          if (errors?.[0] !== undefined) events.onError?.(errors[0].message);
          else if (data) events.onEvent(data, extensions?.dropped ?? 0);
        },
        error: (error) => events.onError?.(messageOf(error)),
        complete: () => {},
      },
    );
    return () => {
      stopWatching();
      unsubscribe();
    };
  });
}

function messageOf(error: unknown): string {
  if (Array.isArray(error) && error[0] instanceof Object && 'message' in error[0])
    return String(error[0].message);
  return 'The subscription ended.';
}

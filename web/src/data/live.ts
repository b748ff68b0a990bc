import { type ReadonlySignal, signal, useSignalEffect } from '@preact/signals';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { credentials } from './ask.ts';
import { doubt } from './connection.ts';
import { type ApiError, type Document, isUnknownDocument, named } from './document.ts';
import type { Query } from './use-query.ts';

export interface Events<Event> {
  readonly onEvent: (event: Event, dropped: number) => void;
  /**
   * The connection or the subscription was lost and is back. Events in between were not delivered.
   */
  readonly onResumed?: () => void;
  /**
   * `code` is that of the API, such as NOT_FOUND; null if the connection failed. It will be tried
   * again.
   */
  readonly onError?: (message: string, code: string | null) => void;
}

const connected = signal(false);

/** Whether the WebSocket is open. */
export const isLive: ReadonlySignal<boolean> = connected;

/** How long the server may take to answer a ping. */
const ANSWER_MS = 10_000;

let client: Client | undefined;
let inUse = '';

/** One WebSocket for the whole page, replaced when the key or the project changes. */
function clientFor(payload: Record<string, string>): Client {
  const wanted = JSON.stringify(payload);
  if (client !== undefined && inUse === wanted) return client;
  // What waits for a connection that the server refuses is told so: for one that is given up, that
  // is an end, too.
  Promise.resolve(client?.dispose()).catch(() => undefined);
  connected.value = false;
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  inUse = wanted;
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const made: Client = createClient({
    url: `${scheme}://${window.location.host}/graphql`,
    connectionParams: payload,
    retryAttempts: Number.POSITIVE_INFINITY,
    // From half a second to ten, with jitter against other pages.
    retryWait: (tries) =>
      new Promise((done) =>
        setTimeout(done, Math.min(500 * 1.6 ** tries, 10_000) * (0.8 + Math.random() * 0.4)),
      ),
    shouldRetry: () => true,
    // If a network dies silently, nobody closes the connection. One that does not answer a ping is
    // given up.
    keepAlive: 10_000,
    on: {
      ping: (isReceived) => {
        if (!isReceived) unanswered = setTimeout(() => made.terminate(), ANSWER_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(unanswered);
      },
      connected: () => {
        connected.value = true;
      },
      closed: () => {
        clearTimeout(unanswered);
        // The previous socket may close after this one has opened.
        if (client !== made) return;
        connected.value = false;
        void doubt();
      },
    },
  });
  client = made;
  return made;
}

/** A stopping server ends its subscriptions. They start again, possibly on the next server. */
const ENDED_AGAIN_MS = 1_000;
/** Errors may persist, so the retry after one is slower. */
const FAILED_AGAIN_MS = 10_000;

/**
 * Subscribes while the component is mounted. `variables` must read only signals, as in `useQuery`;
 * null ends the subscription.
 */
export function useLive<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: () => Variables | null,
  events: Events<Result>,
): void {
  useSignalEffect(() => {
    const input = variables();
    if (input === null) return;
    const payload = (byText: boolean) => ({ query: '', ...named(document, byText), variables: input });
    return follow(clientFor(credentials()), payload, events);
  });
}

/**
 * Subscribes again and again until the returned function is called.
 *
 * @param payloadOf returns what to send, with the text of the document or with its id; graphql-ws
 *   requires a text, even if empty
 */
function follow<Result>(
  socket: Client,
  payloadOf: (byText: boolean) => SubscribePayload,
  events: Events<Result>,
): () => void {
  let byText = false;
  let isLeft = false;
  let wasOpen = connected.peek();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};
  const stopWatching = socket.on('connected', () => {
    if (wasOpen) events.onResumed?.();
    wasOpen = true;
  });
  const begin = () => {
    unsubscribe = socket.subscribe<Result, { dropped?: number }>(payloadOf(byText), {
      next: ({ data, errors, extensions }) => {
        if (errors?.[0] !== undefined) events.onError?.(...problemOf(errors));
        else if (data) events.onEvent(data, extensions?.dropped ?? 0);
      },
      error: (error) => {
        if (!byText && isUnknownDocument(firstOf(error) ?? {})) {
          byText = true;
          beginAgain(0);
          return;
        }
        if (!isLeft) events.onError?.(...problemOf(error));
        beginAgain(FAILED_AGAIN_MS);
      },
      complete: () => beginAgain(ENDED_AGAIN_MS),
    });
  };
  const beginAgain = (afterMs: number) => {
    if (isLeft) return;
    timer = setTimeout(() => {
      begin();
      // If the connection is gone too, its return is reported separately.
      if (connected.peek()) events.onResumed?.();
    }, afterMs);
  };
  begin();
  return () => {
    isLeft = true;
    clearTimeout(timer);
    stopWatching();
    unsubscribe();
  };
}

/**
 * Asks again soon after each event, and when events may have been missed. If the variables are
 * null, watches nothing.
 */
export function useLiveRefresh<Result, Variables extends Record<string, unknown>>(
  { refreshSoon }: Pick<Query<unknown>, 'refreshSoon'>,
  subscription: Document<Result, Variables>,
  variables: () => Variables | null,
): void {
  useLive(subscription, variables, { onEvent: refreshSoon, onResumed: refreshSoon });
}

const firstOf = (error: unknown): ApiError | undefined => (Array.isArray(error) ? error[0] : undefined);

/**
 * The message and the code of the first API error. For anything else, says that the subscription
 * ended.
 */
function problemOf(error: unknown): [message: string, code: string | null] {
  const first = firstOf(error);
  return [first?.message ?? 'The subscription ended.', first?.extensions?.code ?? null];
}

import type { ServerResponse } from 'node:http';
import type { Client } from '../graphql/context.ts';

/** A client that the transport notifies when it has made the text of the answer. */
export interface AnsweredClient extends Client {
  onText(made: () => void): void;
  /** Repeated calls do nothing. */
  textIsMade(): void;
}

/** The client of a request over HTTP. It leaves if it disconnects before it has its response. */
export function clientOf(response: ServerResponse): AnsweredClient {
  return new HttpClient(response);
}

/** A class, because each request has one. */
class HttpClient implements AnsweredClient {
  readonly #response: ServerResponse;
  #onText: (() => void) | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onLeave(leave: () => void): () => void {
    const response = this.#response;
    const check = () => {
      if (!response.writableFinished) leave();
    };
    if (response.closed) check();
    else response.once('close', check);
    return () => response.removeListener('close', check);
  }

  onText(made: () => void): void {
    this.#onText = made;
    // Whatever happened to the answer, it is over.
    if (this.#response.closed) this.textIsMade();
    else this.#response.once('close', made);
  }

  textIsMade(): void {
    this.#onText?.();
    this.#onText = null;
  }
}

/** A client that leaves when the signal aborts. Its answers never become text. */
export function clientUntil(signal: AbortSignal): Client {
  return {
    onLeave(leave) {
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      return () => signal.removeEventListener('abort', leave);
    },
  };
}

/** The client of an operation over WebSocket. It leaves when `leave` is called. */
export interface SocketClient extends AnsweredClient {
  leave(): void;
}

export function socketClient(): SocketClient {
  const gone = new AbortController();
  let onText: (() => void) | null = null;
  const textIsMade = () => {
    onText?.();
    onText = null;
  };
  return {
    ...clientUntil(gone.signal),
    onText(made) {
      onText = made;
      if (gone.signal.aborted) textIsMade();
    },
    textIsMade,
    leave() {
      gone.abort();
      textIsMade();
    },
  };
}

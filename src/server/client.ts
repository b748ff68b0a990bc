import type { ServerResponse } from 'node:http';
import type { Client } from '../graphql/context.ts';

/** A client to which a transport tells when it has made the text of the answer. */
export interface AnsweredClient extends Client {
  onText(made: () => void): void;
  /** A further call does nothing. */
  textIsMade(): void;
}

/** The client of a request over HTTP. It leaves when it disconnects before it has its response. */
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
    // Whatever becomes of the answer, it is over then.
    if (this.#response.closed) this.textIsMade();
    else this.#response.once('close', made);
  }

  textIsMade(): void {
    this.#onText?.();
    this.#onText = null;
  }
}

/** A client that leaves when the signal aborts. Nobody makes the text of its answers. */
export function clientUntil(signal: AbortSignal): Client {
  return {
    onLeave(leave) {
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      return () => signal.removeEventListener('abort', leave);
    },
  };
}

/** The client of an operation over WebSocket, which leaves when it is told to. */
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

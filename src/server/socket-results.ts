import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { ResultSink, SharedResults } from '../graphql/live/sharing/shared-results.ts';
import type { ResultText, ResultTexts } from './result-texts.ts';
import type { SocketSend } from './socket-send.ts';

export interface SocketResultsOptions {
  readonly results: SharedResults;
  readonly socket: WebSocket;
  /** The id of the operation. */
  readonly id: string;
  readonly texts: ResultTexts;
  readonly send: SocketSend;
}

/**
 * Sends the results of a shared subscription as they come, in messages that differ only in their
 * ids. graphql-ws receives the rest: the end, and a result that comes last.
 */
export function sendSharedResults(options: SocketResultsOptions): AsyncIterableIterator<ExecutionResult> {
  return new SocketResults(options);
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
/** Longer texts are sent in a separate fragment: copying them for each client would take longer. */
const COPIED_BYTES = 16 * 1024;
const TAIL = Buffer.from('}');

/** A class, because there are thousands: closures would take more memory than its state. */
class SocketResults implements ResultSink, AsyncIterableIterator<ExecutionResult> {
  readonly #options: SocketResultsOptions;
  /** Made once, not for each message. */
  readonly #sent: (error?: Error | null) => void;
  #resolve: ((result: IteratorResult<ExecutionResult>) => void) | null = null;
  #ended = false;

  constructor(options: SocketResultsOptions) {
    this.#options = options;
    const { results } = options;
    this.#sent = (error) => {
      // If the network fails, the socket closes and the subscription ends with it.
      if (!error) results.ready();
    };
  }

  /** Resolves at the end. graphql-ws awaits each call. */
  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#options.results.handTo(this);
    });
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    this.#options.results.end();
    return Promise.resolve(DONE);
  }

  take(result: ExecutionResult): void {
    const text = this.#options.texts(result);
    if (text instanceof Promise) void text.then((parts) => this.#send(parts));
    else this.#send(text);
  }

  end(last: ExecutionResult | undefined): void {
    this.#ended = true;
    this.#resolve?.(last === undefined ? DONE : { done: false, value: last });
    this.#resolve = null;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #send(text: ResultText): void {
    const { socket, id, send } = this.#options;
    if (!this.#ended) send(socket, messageOf(id, text), this.#sent);
  }
}

/** The message `next` of the protocol. */
function messageOf(id: string, text: ResultText): readonly Buffer[] {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const [only] = text;
  if (text.length > 1 || only === undefined || only.length > COPIED_BYTES)
    return [Buffer.from(head), ...text, TAIL];
  const headBytes = Buffer.byteLength(head);
  const message = Buffer.allocUnsafe(headBytes + only.length + 1);
  message.write(head);
  message.set(only, headBytes);
  message.set(TAIL, message.length - 1);
  return [message];
}

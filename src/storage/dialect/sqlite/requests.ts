import type { Worker } from 'node:worker_threads';
import { transfersOf } from '../append-request.ts';
import type { Envelope, ErrorData, Reply, Request, ThreadData } from './protocol.ts';

/** An error of the database, with its code. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string | undefined;

  constructor({ message, code, stack }: ErrorData) {
    super(message);
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

/** The requests to a thread, by number, and the callers that wait for their replies. */
export interface Requests {
  /** The number of the last request. */
  readonly last: number;
  /** Whether no caller waits. */
  readonly isEmpty: boolean;
  /** Whether a caller waits for a request up to this number. */
  isUnderWay(last: number): boolean;
  /** Opens the connection. Nobody waits for the reply. */
  open(data: ThreadData): void;
  send<Value>(request: Request): Promise<Value>;
  settle(reply: Reply): void;
  rejectAll(error: Error): void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function createRequests(worker: Pick<Worker, 'postMessage'>): Requests {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  function post(envelope: Envelope): void {
    const { request } = envelope;
    worker.postMessage(envelope, request.kind === 'append' ? transfersOf(request) : []);
  }

  return {
    get last() {
      return last;
    },
    get isEmpty() {
      return waiting.size === 0;
    },
    isUnderWay: (upTo) => [...waiting.keys()].some((number) => number <= upTo),
    open: (data) => post({ number: 0, request: { kind: 'open', data } }),
    send: <Value>(request: Request) =>
      new Promise<Value>((resolve, reject) => {
        const number = ++last;
        post({ number, request });
        waiting.set(number, { resolve: resolve as (value: unknown) => void, reject });
      }),
    settle(reply) {
      const waiter = waiting.get(reply.number);
      waiting.delete(reply.number);
      if ('error' in reply) waiter?.reject(new SqliteError(reply.error));
      else waiter?.resolve(reply.value);
    },
    rejectAll(error) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}

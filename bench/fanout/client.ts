/**
 * Thousands of WebSocket clients in one process, on plain sockets, which cost little compared with
 * a server.
 */
import { serveParent } from '../lib/child.ts';
import { type LeanSocket, openSocket } from './lean-socket.ts';

export type ClientJob =
  /** Opens sockets. Each sends `first`, waits for this many messages, and sends its `then`. */
  | {
      readonly do: 'open';
      readonly url: string;
      readonly protocol: string | null;
      readonly first: string | null;
      readonly then: readonly (string | null)[];
    }
  /** POSTs a body, and waits until `expected` sockets have one more message. */
  | { readonly do: 'publish'; readonly url: string; readonly body: string; readonly expected: number }
  /** Returns the last message that any socket received. */
  | { readonly do: 'last' }
  | { readonly do: 'close' };

/** How many sockets shake hands at a time. */
const AT_ONCE = 100;

let sockets: LeanSocket[] = [];
let received = 0;
let last = '';
let wake = () => {};

function onMessage(text: () => string): void {
  received += 1;
  if (received === 1) last = text();
  wake();
}

async function open({ url, protocol, first, then }: Extract<ClientJob, { do: 'open' }>): Promise<void> {
  for (let index = 0; index < then.length; index += AT_ONCE) {
    const opened = then.slice(index, index + AT_ONCE).map(async (message) => {
      const socket = await openSocket(new URL(url), protocol, onMessage);
      if (first !== null) await socket.ask(first);
      if (message !== null) socket.send(message);
      return socket;
    });
    sockets.push(...(await Promise.all(opened)));
  }
}

/** Milliseconds from the request to the last message. */
async function publish({ url, body, expected }: Extract<ClientJob, { do: 'publish' }>): Promise<number> {
  received = 0;
  let end = 0;
  const done = new Promise<void>((resolve) => {
    wake = () => {
      if (received !== expected) return;
      end = performance.now();
      resolve();
    };
  });
  const started = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await (await fetch(url, { method: 'POST', headers, body })).text();
  if (answer.includes('"errors"')) throw new Error(answer.slice(0, 500));
  if (expected > 0) await done;
  return (expected > 0 ? end : performance.now()) - started;
}

async function close(): Promise<void> {
  for (const socket of sockets) socket.close();
  sockets = [];
}

serveParent<ClientJob>(async (job) => {
  if (job.do === 'open') return open(job);
  if (job.do === 'publish') return publish(job);
  if (job.do === 'last') return last;
  return close();
}, close);

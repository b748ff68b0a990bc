import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { aliases, seriesBy } from './costly-queries.ts';
import { post } from './post.ts';

/** Large answers, each within the limits of one request, that clients ask for together. */
export interface AnswerCase {
  readonly name: string;
  /** Whether it asks the database of calls; otherwise that of errors with long stacks. */
  readonly ofCalls?: boolean;
  /** Sends everything. Resolves with what came back, in words. */
  run(url: string): Promise<string>;
}

/** Errors with stacks of 30 KB: 430 are 13 MB, 950 are 29 MB. */
const errors = (first: number): string => `errorLogs(first: ${first}) { nodes { stackTrace } }`;
const MB_13 = `{ ${errors(430)} }`;
const MB_29 = `{ a: ${errors(475)} b: ${errors(475)} }`;
/** Long enough that the server notices who takes nothing. */
const SILENT_MS = 20_000;

export const answerCases: readonly AnswerCase[] = [
  { name: '60 at once of 13 MB', run: (url) => together(60, () => post(url, MB_13)) },
  { name: '30 that never read 13 MB, then 60 at once of 13 MB', run: silentThenMany },
  {
    name: '20 that never read 29 MB',
    run: (url) => silence(Array.from({ length: 20 }, () => askSilently(url, MB_29))),
  },
  {
    name: '30 WebSockets that never read 13 MB',
    run: (url) => silence(Array.from({ length: 30 }, () => askOverSilentSocket(url, MB_13))),
  },
  { name: '50 aliases of a long text', run: (url) => together(1, () => post(url, aliases(errors(500), 50))) },
  {
    name: '20 hourly series of 50 end users at once',
    ofCalls: true,
    run: (url) => together(20, () => post(url, aliases(seriesBy('endUser'), 1))),
  },
];

async function together(count: number, ask: () => Promise<string>): Promise<string> {
  const answers = await Promise.all(Array.from({ length: count }, () => ask().catch(() => 'disconnected')));
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const [code = ''] = answer.split(':');
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([answer, times]) => `${times} × ${answer}`).join(', ');
}

interface Silent {
  readonly isClosed: () => boolean;
  end(): void;
}

async function silence(clients: readonly Silent[]): Promise<string> {
  await sleep(SILENT_MS);
  const closed = clients.filter(({ isClosed }) => isClosed()).length;
  for (const client of clients) client.end();
  return `${closed} of ${clients.length} disconnected`;
}

async function silentThenMany(url: string): Promise<string> {
  const clients = Array.from({ length: 30 }, () => askSilently(url, MB_13));
  await sleep(1_000);
  const answered = await together(60, () => post(url, MB_13));
  for (const client of clients) client.end();
  return answered;
}

function askSilently(url: string, query: string): Silent {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ query });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.pause();
  return silent(socket);
}

/** Knows by a failed write that the server has closed: a client that reads nothing sees no end. */
function silent(socket: Socket): Silent {
  let isClosed = false;
  const note = () => {
    isClosed = true;
  };
  socket.on('error', note);
  socket.on('close', note);
  return { isClosed: () => isClosed, end: () => socket.destroy() };
}

function askOverSilentSocket(url: string, query: string): Silent {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  let isClosed = false;
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    isClosed = true;
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  socket.once('message', () => {
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    socket.pause();
  });
  return { isClosed: () => isClosed, end: () => socket.terminate() };
}

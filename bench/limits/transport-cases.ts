import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** Something that hostile or careless clients send, within the limit of each request. */
export interface Case {
  readonly name: string;
  /** Prepares what is sent, before the clock runs. */
  prepare(): Send;
}

/** Sends it to a server. Resolves with the number of answers by status. */
export type Send = (url: string) => Promise<ReadonlyMap<number, number>>;

const MEBIBYTE = 1024 * 1024;
const RECORD = 'mutation ($input: [ErrorLogInput!]!) { recordErrorLogs(input: $input) { accepted } }';
const agent = new Agent({ keepAlive: false });

export const transportCases: readonly Case[] = [
  { name: '100 calls at once of 1,000 errors with 30 KB stacks', prepare: largeCalls },
  { name: '60 half-sent bodies of 30 MB', prepare: () => halfSentBodies },
  { name: '50 gzip bombs of 256 MB', prepare: () => bombs('gzip') },
  { name: '50 br bombs of 256 MB', prepare: () => bombs('br') },
];

/** Records one error, like a small client. Resolves with the milliseconds until the answer. */
export async function recordOne(url: string): Promise<number> {
  const started = performance.now();
  for (;;) {
    const status = await post(url, errorLogs(1, 100), {});
    if (status === 200) return performance.now() - started;
    await sleep(20);
  }
}

function errorLogs(count: number, stackCharacters: number): Buffer {
  const stackTrace = '    at handle (/srv/app/src/server/handler.ts:120:17)\n'.repeat(stackCharacters / 54);
  const event = { errorType: 'TypeError', errorMessage: 'x is not a function', stackTrace };
  const variables = { input: Array.from({ length: count }, () => event) };
  return Buffer.from(JSON.stringify({ query: RECORD, variables }));
}

function largeCalls(): Send {
  const body = errorLogs(1_000, 30_000);
  return async (url) => count(await Promise.all(Array.from({ length: 100 }, () => post(url, body, {}))));
}

function bombs(encoding: 'gzip' | 'br'): Send {
  const compress = { gzip: gzipSync, br: brotliCompressSync }[encoding];
  const body = compress(Buffer.alloc(256 * MEBIBYTE, ' '));
  const headers = { 'content-encoding': encoding };
  return async (url) => count(await Promise.all(Array.from({ length: 50 }, () => post(url, body, headers))));
}

/** Holds the connections open for five seconds. */
async function halfSentBodies(url: string): Promise<ReadonlyMap<number, number>> {
  const sockets = await Promise.all(Array.from({ length: 60 }, () => halfSend(url)));
  await sleep(5_000);
  for (const { socket } of sockets) socket.destroy();
  return count(sockets.map(({ status }) => status()));
}

async function halfSend(url: string): Promise<{ readonly socket: Socket; status(): number }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  // The server closes the connections that it rejects.
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => (answer += data));
  await once(socket, 'connect');
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `content-length: ${32 * MEBIBYTE}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(30 * MEBIBYTE, ' '));
  return { socket, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0) };
}

/** Resolves with the status of the answer; 0 if the connection was closed before. */
function post(url: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        // OVERLOADED from the queue has status 200.
        response.on('close', () => resolve(text.includes('OVERLOADED') ? 503 : (response.statusCode ?? 0)));
      },
    );
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });
}

function count(statuses: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

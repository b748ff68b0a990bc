import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';

describe('bytes that are not an HTTP/1.1 request', () => {
  let running: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    running = await startServer();
  });
  afterAll(() => running[Symbol.asyncDispose]());

  async function openConnection(): Promise<Socket> {
    const { hostname, port } = new URL(running.url.graphql);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return socket;
  }

  /** The answer of a connection to these bytes, until it ends. */
  async function answerTo(bytes: string): Promise<string> {
    const socket = await openConnection();
    socket.write(bytes);
    return text(socket);
  }
  const hints = () => running.log.filter(({ msg }) => String(msg).includes('OTEL_EXPORTER_OTLP_PROTOCOL'));

  it('are answered with an explanation, even after a valid request', async () => {
    expect(await answerTo('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(await answerTo(`GET / HTTP/1.1\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const request = 'GET /grafql HTTP/1.1\r\nhost: localhost\r\n\r\n';
    expect(await answerTo(`${request}hello\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40/);
    expect(hints()).toEqual([]);
  });

  it('are not answered in the middle of the answer to an earlier request', async () => {
    const socket = await openConnection();
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes;
    });
    const get = (query: string) =>
      `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`;
    socket.write(get('subscription { ticks { number } }'));
    await expect.poll(() => received).toContain('200 OK');
    socket.write(`${get('{ hello }')}hello\r\n\r\n`);
    await once(socket, 'close');
    expect(received).not.toContain('400 Bad Request');
    await running.waitForSubscriptions(0);
  });

  it('are named in the log if they are HTTP/2, because senders of gRPC report nothing', async () => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    for (let time = 0; time < 2; time++) expect(await answerTo(preface)).toMatch(/^HTTP\/1\.1 400 /);
    expect(hints()).toMatchObject([{ level: 40, from: expect.stringContaining('127.0.0.1') }]);
  });
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { post, startServer, type TestServer } from '../../support/start-server.ts';

const MEBIBYTE = 1024 * 1024;
const HELLO = JSON.stringify({ query: '{ hello }' });
const compressed = { gzip: gzipSync, br: brotliCompressSync } as const;
const encodings = ['gzip', 'br'] as const;
/** Small limits: 1 MiB for a body, 3 MiB for all. */
const environment = {
  MAX_BODY_BYTES: String(MEBIBYTE),
  MAX_INGEST_BODY_BYTES: String(MEBIBYTE),
  REQUEST_BUDGET_BYTES: String(3 * MEBIBYTE),
};

async function postBytes(url: string, body: Buffer, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: new Uint8Array(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('a compressed body', () => {
  it.each(
    encodings.flatMap((encoding) =>
      ['application/json', 'application/json, text/plain'].map((accept) => [encoding, accept]),
    ),
  )('is accepted: %s, for %s', async (encoding, accept) => {
    await using running = await startServer();
    const body = compressed[encoding as 'gzip'](HELLO);
    const answer = await postBytes(running.url.graphql, body, {
      'content-encoding': encoding as string,
      accept: accept as string,
    });
    expect(answer).toMatchObject({ status: 200, body: { data: { hello: 'Hello world' } } });
  });

  it.each(encodings)('has its limit after decompression: %s', async (encoding) => {
    await using running = await startServer({ environment });
    const send = (bytes: number) =>
      postBytes(running.url.graphql, compressed[encoding](HELLO.padEnd(bytes)), {
        'content-encoding': encoding,
      });
    expect(await send(MEBIBYTE)).toMatchObject({ status: 200 });
    expect(await send(MEBIBYTE + 1)).toMatchObject({
      status: 413,
      body: {
        errors: [
          {
            message: expect.stringContaining('larger than 1048576 bytes'),
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      },
    });
  });

  it.each(encodings)('is stopped during decompression if it is a bomb: %s', async (encoding) => {
    await using running = await startServer({
      environment: { ...environment, REQUEST_BUDGET_BYTES: '100000000' },
    });
    // 64 MiB of spaces in less than 80 KB; eight such bodies inflate to 512 MiB.
    const bomb = compressed[encoding](Buffer.alloc(64 * MEBIBYTE, ' '));
    expect(bomb.length).toBeLessThan(80_000);
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => postBytes(running.url.graphql, bomb, { 'content-encoding': encoding })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * MEBIBYTE);
    expect(await post(running.url.graphql, HELLO)).toMatchObject({ status: 200 });
  });

  it.each(encodings)('is refused if it is broken or cut off: %s', async (encoding) => {
    await using running = await startServer();
    const whole = compressed[encoding](HELLO.repeat(100));
    for (const body of [
      whole.subarray(0, whole.length / 2),
      Buffer.from('not compressed'),
      Buffer.alloc(0),
    ]) {
      expect(await postBytes(running.url.graphql, body, { 'content-encoding': encoding })).toMatchObject({
        status: 400,
        body: {
          errors: [
            {
              message: `The request body is not complete and valid ${encoding}.`,
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        },
      });
    }
  });

  it.each(['deflate', 'zstd', 'gzip, gzip'])('in another encoding is refused: %s', async (encoding) => {
    await using running = await startServer();
    const answer = await postBytes(running.url.graphql, gzipSync(HELLO), { 'content-encoding': encoding });
    expect(answer).toMatchObject({
      status: 415,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(answer.headers.get('accept-encoding')).toBe('gzip, br, identity');
  });
});

/** Sends the headers of a POST, and some of its body. */
async function halfSend({ url }: TestServer, declared: number, sent: number): Promise<Socket> {
  const { hostname, port, host } = new URL(url.graphql);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${declared}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(sent, ' '));
  return socket;
}

/** The answer of the server until it closes the connection. */
async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('all bodies together', () => {
  it('have a budget: a large one beyond it must try again, a small one is answered', async () => {
    await using running = await startServer({ environment });
    const held = [];
    for (let n = 0; n < 3; n++) held.push(await halfSend(running, MEBIBYTE, MEBIBYTE - 1));
    // One of the three exceeds seven eighths of the budget.
    const answer = await Promise.race(held.map(answerOn));
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toEqual({
      errors: [
        {
          message: expect.stringContaining('REQUEST_BUDGET_BYTES'),
          extensions: { code: 'OVERLOADED', retryAfterMs: 1000 },
        },
      ],
    });
    expect(await post(running.url.graphql, HELLO)).toMatchObject({ status: 200 });
    for (const socket of held) socket.destroy();
    // The bytes that they held are free again.
    const large = HELLO.padEnd(MEBIBYTE);
    await expect.poll(async () => (await post(running.url.graphql, large)).status).toBe(200);
  });

  it('hold their bytes until the answer', async () => {
    let letGo = (_: string): void => {};
    const answered = new Promise<string>((resolve) => {
      letGo = resolve;
    });
    let asked = 0;
    const held = () => {
      asked++;
      return answered;
    };
    await using running = await startServer({ environment, held });
    const body = JSON.stringify({ query: '{ held }' }).padEnd(MEBIBYTE);
    const waiting = [post(running.url.graphql, body), post(running.url.graphql, body)];
    await expect.poll(() => asked).toBe(2);
    expect(await post(running.url.graphql, body)).toMatchObject({ status: 503 });
    letGo('late');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await post(running.url.graphql, body)).toMatchObject({ status: 200 });
  });
});

describe('a body that makes no progress', () => {
  it('is refused', async () => {
    await using running = await startServer({ pace: { windowMs: 20, bytes: 10 } });
    const socket = await halfSend(running, 1000, 1);
    const answer = await answerOn(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('The request body came too slowly: less than 10 bytes in 0.02 seconds.');
  });
});

import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import type { AlertNotice } from '../../../src/alerting/delivery/channels/channel.ts';
import type { Outcome } from '../../../src/alerting/delivery/outcome.ts';
import { createSender, type SenderOptions } from '../../../src/alerting/delivery/sender.ts';
import { type Network, parseNetwork } from '../../../src/core/networks.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { startRaw } from './support/raw-server.ts';
import { type Respond, startReceiver, verified } from './support/receiver.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const PAYLOAD: unknown = { type: 'alert.raised', data: { title: 'Größe 🎉' } };
const LOCAL = [parseNetwork('127.0.0.0/8') as Network];

/** Signatures are verified against the real time. */
const clock = createTestClock(Date.now());

function send(url: string, options: Partial<SenderOptions> = {}, signal = new AbortController().signal) {
  const sender = createSender({ clock, allowed: LOCAL, ...options });
  const endpoint = { kind: 'WEBHOOK', url, secret: SECRET };
  const messages = [{ messageId: 'msg_1', notice: PAYLOAD as AlertNotice }] as const;
  return sender.send({ endpoint, messages }, signal);
}

async function outcomeOf(respond: Respond, options?: Partial<SenderOptions>): Promise<Outcome | null> {
  await using receiver = await startReceiver(respond);
  return await send(receiver.url, options);
}

describe('an attempt', () => {
  it('is a signed POST of JSON', async () => {
    await using receiver = await startReceiver();
    expect(await send(`${receiver.url}?token=1`)).toEqual({
      startedAt: clock.now(),
      durationMs: expect.any(Number),
      statusCode: 204,
      error: null,
      final: false,
      responseBody: '',
      retryAfterMs: null,
    });
    expect(receiver.received).toHaveLength(1);
    const [request] = receiver.received;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook?token=1',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(JSON.stringify(PAYLOAD))),
        'user-agent': 'Telltale',
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(clock.now() / 1000)),
      },
    });
    expect(verified(request!, SECRET)).toEqual(PAYLOAD);
    expect(() => verified({ ...request!, body: request!.body.replace('raised', 'eased') }, SECRET)).toThrow();
    expect(() => verified(request!, `whsec_${Buffer.alloc(24, 8).toString('base64')}`)).toThrow();
  });

  it.each([
    [200, null],
    [299, null],
    [304, 'It answered with status 304.'],
    [400, 'It answered with status 400.'],
    [500, 'It answered with status 500.'],
  ])('that is answered with %i', async (statusCode, error) => {
    const outcome = await outcomeOf((response) => response.writeHead(statusCode).end());
    expect(outcome).toMatchObject({ statusCode, error });
  });

  it('keeps the beginning of the answer', async () => {
    const outcome = await outcomeOf((response) =>
      response.writeHead(422).end('No such channel \0 token=abc123'),
    );
    expect(outcome).toMatchObject({ statusCode: 422, responseBody: 'No such channel \ufffd token=***' });
  });

  it('follows no redirect', async () => {
    await using elsewhere = await startReceiver();
    const outcome = await outcomeOf((response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(outcome).toMatchObject({
      statusCode: 307,
      error: `It answered with status 307, a redirect to ${elsewhere.url}, which is not followed.`,
    });
    expect(elsewhere.received).toEqual([]);
  });

  it('reads how long to wait', async () => {
    const outcome = await outcomeOf((response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(outcome).toMatchObject({ statusCode: 429, retryAfterMs: 7000 });
  });

  it('uses no proxy from the environment', async () => {
    await using proxy = await startReceiver();
    process.env['HTTP_PROXY'] = proxy.url;
    process.env['http_proxy'] = proxy.url;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      expect(await outcomeOf((response) => response.writeHead(200).end())).toMatchObject({ error: null });
      expect(proxy.received).toEqual([]);
    } finally {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'NODE_USE_ENV_PROXY']) delete process.env[name];
    }
  });
});

describe('a receiver that misbehaves', () => {
  it('answers without end: the beginning is read, and the connection closed', async () => {
    await using receiver = await startReceiver((response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write('🎉'.repeat(10_000)));
      };
      response.on('drain', pour);
      pour();
    });
    const outcome = await send(receiver.url);
    expect(outcome).toMatchObject({ statusCode: 200, error: null });
    expect(outcome?.responseBody).toBe('🎉'.repeat(500));
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  it.each<[string, Respond]>([
    ['never', () => undefined],
    [
      'by one header line after the other, for ever',
      (response) => trickle(response.socket!, 'HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n'),
    ],
  ])('answers %s: the attempt fails, and the connection is closed', async (_case, respond) => {
    await using receiver = await startReceiver(respond);
    expect(await send(receiver.url, { timeoutMs: 100 })).toMatchObject({
      statusCode: null,
      error: '127.0.0.1 did not answer within 0.1 seconds.',
      responseBody: null,
    });
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  it('answers byte by byte forever: its status counts, and the connection is closed', async () => {
    await using receiver = await startReceiver((response) =>
      trickle(response.socket!, 'HTTP/1.1 200 OK\r\n\r\nx', 'x'),
    );
    const outcome = await send(receiver.url, { timeoutMs: 100 });
    expect(outcome).toMatchObject({
      statusCode: 200,
      error: null,
      responseBody: expect.stringMatching(/^x+$/),
    });
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  it('refuses the connection', async () => {
    const { url, [Symbol.asyncDispose]: close } = await startReceiver();
    await close();
    expect(await send(url)).toMatchObject({ statusCode: null, error: '127.0.0.1 refused the connection.' });
  });

  it('hangs up', async () => {
    const outcome = await outcomeOf((response) => response.socket?.destroy());
    expect(outcome).toMatchObject({ error: '127.0.0.1 closed the connection before it answered.' });
  });

  it.each([
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['has too many headers', `HTTP/1.1 200 OK\r\n${'x-more: 1\r\n'.repeat(10_000)}\r\n`],
  ])('%s', async (_case, text) => {
    await using server = await startRaw(text);
    expect(await send(server.url)).toMatchObject({
      statusCode: null,
      error: expect.stringMatching(/^The request to 127\.0\.0\.1 failed: ./),
    });
  });

  it('speaks no TLS', async () => {
    await using receiver = await startReceiver();
    expect(await send(receiver.url.replace('http:', 'https:'))).toMatchObject({
      statusCode: null,
      error: expect.stringMatching(/^The request to 127\.0\.0\.1 failed: ./),
    });
    expect(receiver.received).toEqual([]);
  });

  it('has no address', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    expect(await send('http://hooks.invalid/', { lookup })).toMatchObject({
      error: 'hooks.invalid is not a known host name.',
    });
  });

  it('has name servers that never answer', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    expect(await send('http://hooks.invalid/', { lookup, timeoutMs: 50 })).toMatchObject({
      error: 'hooks.invalid did not answer within 0.05 seconds.',
    });
  });
});

describe('private addresses', () => {
  const addresses = (...all: string[]): readonly LookupAddress[] =>
    all.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  it.each([
    ['http://127.0.0.1:1/', '127.0.0.1'],
    ['https://127.0.0.1:1/', '127.0.0.1'],
    ['http://0.0.0.0:1/', '0.0.0.0'],
    ['http://0x7f.1:1/', '127.0.0.1'],
    ['http://2130706433:1/', '127.0.0.1'],
    ['http://10.1.2.3:1/', '10.1.2.3'],
    ['http://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['http://[::1]:1/', '::1'],
    ['http://[::]:1/', '::'],
    ['http://[fd00::1]:1/', 'fd00::1'],
    ['http://[fe80::1]:1/', 'fe80::1'],
    ['http://[::ffff:127.0.0.1]:1/', '::ffff:7f00:1'],
    ['http://[64:ff9b::7f00:1]:1/', '64:ff9b::7f00:1'],
    ['http://224.0.0.1:1/', '224.0.0.1'],
    ['http://255.255.255.255:1/', '255.255.255.255'],
  ])('are not called: %s', async (url, address) => {
    expect(await send(url, { allowed: [] })).toMatchObject({
      statusCode: null,
      error: `The address ${address} is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.`,
    });
  });

  it.each([
    ['a name', ['10.0.0.5'], '10.0.0.5'],
    ['a name that has a public address too', ['93.184.215.14', '10.0.0.5'], '10.0.0.5'],
    ['a name of IPv6', ['::ffff:10.0.0.5'], '::ffff:10.0.0.5'],
  ])('are not called by %s', async (_case, all, address) => {
    const lookup = () => Promise.resolve(addresses(...all));
    for (const scheme of ['http', 'https']) {
      expect(await send(`${scheme}://hooks.local/`, { allowed: [], lookup })).toMatchObject({
        error: `The address ${address} of hooks.local is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.`,
      });
    }
  });

  it('are not called by a name that resolved to another address when it was checked', async () => {
    await using receiver = await startReceiver();
    const answers = [addresses('127.0.0.1'), addresses('127.0.0.2')];
    const asked: string[] = [];
    const lookup = async (host: string) => {
      asked.push(host);
      return answers.shift() ?? [];
    };
    const url = receiver.url.replace('127.0.0.1', 'hooks.local');
    const allowed = [parseNetwork('127.0.0.1') as Network];
    expect(await send(url, { allowed, lookup })).toMatchObject({ error: null });
    // The checked address is the one that is called: a second lookup would return a forbidden one.
    expect(asked).toEqual(['hooks.local']);
    expect(await send(url, { allowed, lookup })).toMatchObject({
      error: 'The address 127.0.0.2 of hooks.local is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.',
    });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.headers.host).toMatch(/^hooks\.local:\d+$/);
  });

  it('are called when they are allowed, and no others', async () => {
    await using receiver = await startReceiver();
    const allowed = ['fd00::/8', '127.0.0.0/8', '10.0.0.5'].map((text) => parseNetwork(text) as Network);
    expect(await send(receiver.url, { allowed })).toMatchObject({ error: null });
    expect(await send(receiver.url, { allowed: [parseNetwork('::1') as Network] })).toMatchObject({
      error: 'The address 127.0.0.1 is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.',
    });
  });
});

describe('a signal', () => {
  it('ends an attempt without an outcome', async () => {
    await using receiver = await startReceiver(() => undefined);
    const controller = new AbortController();
    const sent = send(receiver.url, {}, controller.signal);
    await receiver.waitFor(1);
    controller.abort();
    expect(await sent).toBeNull();
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  it('that was aborted before lets no attempt begin', async () => {
    await using receiver = await startReceiver();
    expect(await send(receiver.url, {}, AbortSignal.abort())).toBeNull();
    expect(receiver.received).toEqual([]);
  });
});

/** Writes at once, and then a little more repeatedly until the other side hangs up. */
function trickle(socket: NonNullable<Parameters<Respond>[0]['socket']>, first: string, again: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(again), 5);
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => clearInterval(timer));
}

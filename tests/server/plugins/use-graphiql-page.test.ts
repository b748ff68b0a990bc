import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../support/start-server.ts';

interface Page {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
}

/** Sends GET as a browser does, without the decompression of `fetch`. */
function open(url: string, headers: Record<string, string> = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { accept: 'text/html,*/*;q=0.8', ...headers } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) });
    })
      .on('error', reject)
      .end();
  });
}

describe('GraphiQL', () => {
  it('is one page that needs nothing from elsewhere', async () => {
    await using running = await startServer();
    const { status, headers, bytes } = await open(running.url.graphql);
    const html = bytes.toString();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(html).toContain('<title>Telltale</title>');
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/);
  });

  it('is compressed as the browser accepts', async () => {
    await using running = await startServer();
    const plain = await open(running.url.graphql);
    const gzip = await open(running.url.graphql, { 'accept-encoding': 'gzip, deflate' });
    const brotli = await open(running.url.graphql, { 'accept-encoding': 'gzip, deflate, br' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
    expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
    expect(brotli.bytes.length).toBeLessThan(gzip.bytes.length);
    expect(gzip.bytes.length).toBeLessThan(plain.bytes.length / 3);
  });

  it('is not sent again to a browser that has it', async () => {
    await using running = await startServer();
    const first = await open(running.url.graphql, { 'accept-encoding': 'br' });
    const etag = String(first.headers['etag']);
    const again = await open(running.url.graphql, { 'accept-encoding': 'br', 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304 });
    expect(again.bytes.length).toBe(0);
  });

  it('is shown at the root address if there is no dashboard', async () => {
    await using running = await startServer({ environment: { DASHBOARD: 'false' } });
    const { status, headers } = await open(new URL('/', running.url.graphql).href);
    expect({ status, location: headers['location'] }).toEqual({ status: 302, location: '/graphiql' });
  });

  it('is not served if it is turned off', async () => {
    await using running = await startServer({ environment: { GRAPHIQL: 'false' } });
    const { headers, bytes } = await open(running.url.graphql);
    expect(String(headers['content-type'])).not.toContain('html');
    expect(bytes.length).toBeLessThan(1000);
  });
});

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';

/** 50 fields of 20,000 characters, with what JSON must escape. */
const TEXT = '\\"é\u2028😀\n'.repeat(2_500);
const QUERY = { query: `{ ${Array.from({ length: 50 }, (_, index) => `a${index}: held`).join(' ')} }` };
const DATA = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a${index}`, TEXT]));

const startTelling = () => startServer({ held: () => Promise.resolve(TEXT) });

describe('a long answer', () => {
  it('is sent while its text is made, and is what a short way gives', async () => {
    await using running = await startTelling();
    const response = await fetch(running.url.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'telltale-cost': '1' },
      body: JSON.stringify(QUERY),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-length')).toBeNull();
    const text = await response.text();
    const whole = await fetch(`${running.url.graphql}?query=${encodeURIComponent(QUERY.query)}`);
    expect(whole.headers.get('content-length')).not.toBeNull();
    expect(JSON.parse(text)).toEqual({ data: DATA });
    expect(text).toBe(await whole.text());
  });

  it('ends when its client disconnects', async () => {
    await using running = await startTelling();
    const { hostname, port } = new URL(running.url.graphql);
    const body = JSON.stringify(QUERY);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await running.waitForNothingOpen();
    expect(running.log).toEqual([]);
  });
});

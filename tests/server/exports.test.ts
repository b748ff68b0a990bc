import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createSlots } from '../../src/server/exports/slots.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { bearer, makeKey } from './support/keys.ts';

/** More than two pages, with events of the same time. */
const EVENTS = 1_201;
const START = Date.UTC(2026, 4, 4);
const timeOf = (number: number) => new Date(START + Math.floor(number / 3) * 1000).toISOString();
const cursorOf = (number: number) => `${timeOf(number)},${uuidOf(number)}`;

interface Download {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: string;
}

/** Downloads with Node's own client, because `fetch` does not show trailers. */
async function download(running: TestApp, path: string, headers: Record<string, string>): Promise<Download> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    // `URL` would change dots in the path.
    httpRequest(running.url, { path, headers }, resolve).once('error', reject).end();
  });
  const body = await text(answer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, trailers: answer.trailers, body };
}

const linesOf = ({ body }: Download) => body.split('\n').slice(0, -1);
const numbersOf = (answer: Download) =>
  linesOf(answer).map((line) => Number.parseInt((JSON.parse(line) as { id: string }).id.slice(-12), 16));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describeEachDatabase('a download of events', (database) => {
  let running: TestApp;
  let reader: Record<string, string>;
  beforeAll(async () => {
    running = await startApp({ database, environment: { MAX_EXPORTS: '2' } });
    const { ingest, projects } = running.app.services;
    await projects.create({ projectId: 'shop' });
    // Stored in another order than that of their times.
    const events = range(0, EVENTS)
      .reverse()
      .map((number) =>
        llmCall({
          id: uuidOf(number),
          timestamp: timeOf(number),
          endUser: number % 2 === 0 ? 'even' : 'odd',
        }),
      );
    await ingest.record('shop', [{ dataset: llmCalls, events }]);
    await ingest.record('default', [{ dataset: llmCalls, events: [llmCall()] }]);
    reader = bearer((await makeKey(running, { projectId: 'shop', scopes: ['READ'] })).text);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it('has the events of the project of the key, by time and id, and says that it is complete', async () => {
    const answer = await download(running, '/export/llmCalls.jsonl', reader);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': 'attachment; filename="llmCalls.jsonl"',
      },
      trailers: { 'telltale-complete': 'true', 'telltale-cursor': cursorOf(EVENTS - 1) },
    });
    expect(numbersOf(answer)).toEqual(range(0, EVENTS));
  });

  it('continues after any line, and accepts a range and a limit', async () => {
    const cursor = encodeURIComponent(cursorOf(700));
    const rest = await download(running, `/export/llmCalls.jsonl?cursor=${cursor}`, reader);
    expect(numbersOf(rest)).toEqual(range(701, EVENTS));

    const bounded = `from=${timeOf(30)}&to=${timeOf(60)}`;
    const some = await download(running, `/export/llmCalls.jsonl?${bounded}&limit=7`, reader);
    expect(numbersOf(some)).toEqual(range(30, 37));
    expect(some.trailers).toEqual({ 'telltale-cursor': cursorOf(36), 'telltale-complete': 'false' });
    const others = await download(
      running,
      `/export/llmCalls.jsonl?${bounded}&cursor=${some.trailers['telltale-cursor']}`,
      reader,
    );
    expect(numbersOf(others)).toEqual(range(37, 60));
    expect(others.trailers['telltale-complete']).toBe('true');

    const none = await download(running, '/export/llmCalls.jsonl?to=2020-01-01', reader);
    expect(none).toMatchObject({ status: 200, body: '', trailers: { 'telltale-complete': 'true' } });
  });

  it('is a CSV with a header line, which a continuation omits, and is compressed on request', async () => {
    const path = '/export/llmCalls.csv?limit=2';
    const whole = await download(running, path, reader);
    expect(linesOf(whole)).toHaveLength(3);
    expect(linesOf(whole)[0]).toMatch(/^id,timestamp,receivedAt,service,.*attributes\r$/);
    expect(linesOf(whole)[1]).toMatch(new RegExp(`^"${uuidOf(0)}","2026-05-04T00:00:00.000Z",`));
    const more = await download(running, `${path}&cursor=${cursorOf(1)}`, reader);
    expect(linesOf(more).map((line) => line.slice(1, 37))).toEqual([uuidOf(2), uuidOf(3)]);

    const url = new URL(path, running.url);
    const zipped = await fetch(url, { headers: { ...reader, 'accept-encoding': 'gzip' } });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.text()).toBe(whole.body);
  });

  it('has only the rows of a read token, and none of datasets that it does not open', async () => {
    const maker = { projectId: 'shop', keyId: (await makeKey(running, { projectId: 'shop' })).id };
    const opened = { datasets: ['llmCalls'], filter: { endUser: { eq: 'odd' } }, lifetime: 60_000 };
    const { text: token } = await running.app.services.readTokens.create(maker, opened);
    const headers = bearer(token);
    const answer = await download(running, '/export/llmCalls.jsonl', headers);
    expect(numbersOf(answer)).toEqual(range(0, EVENTS).filter((number) => number % 2 === 1));
    const other = await download(running, '/export/errorLogs.jsonl', headers);
    expect(other).toMatchObject({
      status: 403,
      body: expect.stringContaining('gives no access to errorLogs'),
    });
  });

  it.each([
    ['an unknown dataset', '/export/calls.jsonl', 404, 'NOT_FOUND', 'Exports are /export/<dataset>.jsonl'],
    ['another format', '/export/llmCalls.parquet', 404, 'NOT_FOUND', 'There is no export llmCalls.parquet'],
    ['dots in its path', '/export/%2e%2e/llmCalls.csv', 404, 'NOT_FOUND', 'no export %2e%2e/llmCalls.csv'],
    ['a bad time', '/export/llmCalls.csv?from=soon', 400, 'BAD_USER_INPUT', '\\"soon\\" is not a time'],
    ['a bad cursor', '/export/llmCalls.csv?cursor=7', 400, 'BAD_USER_INPUT', '\\"7\\" is not a cursor'],
    ['a bad limit', '/export/llmCalls.csv?limit=0', 400, 'BAD_USER_INPUT', 'not a number of events'],
    ['an unknown parameter', '/export/llmCalls.csv?form=x', 400, 'BAD_USER_INPUT', 'no parameter form'],
    [
      'a repeated parameter',
      '/export/llmCalls.csv?to=2026-01-01&to=2026-01-02',
      400,
      'BAD_USER_INPUT',
      'twice',
    ],
  ])('refuses %s', async (_, path, status, code, message) => {
    const answer = await download(running, path, reader);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`"code":"${code}"`);
    expect(answer.body).toContain(message);
  });

  it('needs a key that may read', async () => {
    const nobody = await download(running, '/export/llmCalls.jsonl', {});
    expect(nobody).toMatchObject({ status: 401, body: expect.stringContaining('UNAUTHENTICATED') });
    const keys = [{ scopes: ['INGEST'] }, { scopes: ['READ'], trustedDocumentsOnly: true }] as const;
    for (const key of keys) {
      const headers = bearer((await makeKey(running, { projectId: 'shop', ...key })).text);
      const answer = await download(running, '/export/llmCalls.jsonl', headers);
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('FORBIDDEN') });
    }
  });

  it('pays for each page, and stops when the quota is used up', async () => {
    const poor = { projectId: 'shop', scopes: ['READ'], quotas: { queryCostPerMinute: 600 } } as const;
    const headers = bearer((await makeKey(running, poor)).text);
    await expect(download(running, '/export/llmCalls.jsonl', headers)).rejects.toThrow('aborted');
    const again = await download(running, '/export/llmCalls.jsonl', headers);
    expect(again).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
  });

  it('is cut off at its deadline, and cannot be mistaken for a complete one', async () => {
    const { config, portions } = running.app.services;
    const deadline = new AbortController();
    const { timeout } = AbortSignal;
    const clock = vi
      .spyOn(AbortSignal, 'timeout')
      .mockImplementation((ms) =>
        ms === config.limits.exportDeadlineMs ? deadline.signal : timeout.call(AbortSignal, ms),
      );
    const pass = vi.spyOn(portions, 'pass');
    pass.mockResolvedValueOnce().mockImplementationOnce(async () => deadline.abort());
    try {
      await expect(download(running, '/export/llmCalls.jsonl', reader)).rejects.toThrow(/aborted|hang up/);
    } finally {
      pass.mockRestore();
      clock.mockRestore();
    }
  });

  it('answers HEAD with only the headers, and with the same errors', async () => {
    const head = (path: string) => fetch(new URL(path, running.url), { method: 'HEAD', headers: reader });
    const found = await head('/export/llmCalls.csv');
    expect(found.status).toBe(200);
    expect(found.headers.get('content-disposition')).toBe('attachment; filename="llmCalls.csv"');
    expect(await found.text()).toBe('');
    expect((await head('/export/calls.csv')).status).toBe(404);
    const posted = await fetch(new URL('/export/llmCalls.csv', running.url), {
      method: 'POST',
      headers: reader,
    });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
  });

  it('ends when its key is revoked, and cannot be mistaken for a complete one', async () => {
    const { id, text: key } = await makeKey(running, { projectId: 'shop', scopes: ['READ'] });
    const { keys, portions } = running.app.services;
    // Called before each page.
    const pass = vi.spyOn(portions, 'pass');
    pass.mockResolvedValueOnce().mockImplementationOnce(async () => void (await keys.revoke(id, 'ALL')));
    try {
      await expect(download(running, '/export/llmCalls.jsonl', bearer(key))).rejects.toThrow('aborted');
    } finally {
      pass.mockRestore();
    }
  });
});

describe('the slots for downloads', () => {
  it('are limited, and one project gets at most half of them', () => {
    const slots = createSlots(3);
    const leave = slots.take('shop');
    slots.take('shop');
    expect(() => slots.take('shop')).toThrow('At most 3 exports may run at a time');
    slots.take('blog');
    expect(() => slots.take('news')).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    leave();
    slots.take('news');
  });
});

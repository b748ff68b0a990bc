import { describe, expect, it } from 'vitest';
import { waitBefore } from '../../client/src/backoff.ts';
import { nodePlatform } from '../../client/src/platforms/node.ts';
import { call } from './support/events.ts';
import { accept, commitAndDie, failWith, hang, json, type Reply, reject } from './support/ingest-server.ts';
import { NEVER_MS, withIngestServer } from './support/open-client.ts';

const test = withIngestServer();
const modelsOf = (number: number) => test.server.calls[number]?.all.map(({ model }) => model);

describe('what is sent', () => {
  it('is one mutation with the events of all datasets', async () => {
    const telltale = test.open({
      apiKey: 'tlt_x',
      project: 'shop',
      service: 'checkout',
      environment: 'test',
    });
    telltale.llmCall(call());
    telltale.record('ragMetrics', { hitRate: 0.5 });
    telltale.task({ taskId: 'TASK-1', eventType: 'CREATED' });
    telltale.request({ endpoint: '/', method: 'GET', statusCode: 200, latencyMs: 1 });
    telltale.error(new RangeError('too far'));
    expect(await telltale.flush()).toEqual({ sent: 5, rejected: 0, dropped: 0, pending: 0 });
    expect(test.server.calls).toHaveLength(1);
    const { events, headers } = test.server.calls[0] ?? {};
    expect(headers).toMatchObject({ authorization: 'Bearer tlt_x', 'telltale-project': 'shop' });
    const common = { service: 'checkout', environment: 'test', timestamp: expect.stringMatching(/Z$/) };
    const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(events).toEqual({
      llmCalls: [{ ...call(), ...common, id }],
      ragMetrics: [{ hitRate: 0.5, ...common, id }],
      taskEvents: [{ taskId: 'TASK-1', eventType: 'CREATED', ...common, id }],
      requestLogs: [
        { endpoint: '/', method: 'GET', statusCode: 200, latencyMs: 1, ...common, requestId: id },
      ],
      errorLogs: [
        { errorType: 'RangeError', errorMessage: 'too far', stackTrace: expect.any(String), ...common, id },
      ],
    });
  });

  it('is the event as it was when it was recorded', async () => {
    const telltale = test.open();
    const event = call('before');
    telltale.llmCall(event);
    event.model = 'after';
    await telltale.flush();
    expect(modelsOf(0)).toEqual(['before']);
  });

  it('goes in batches, at once when one is full', async () => {
    const telltale = test.open({ batchSize: 2 });
    for (const model of ['a', 'b', 'c']) telltale.llmCall(call(model));
    await expect.poll(() => telltale.stats().sent).toBe(2);
    expect(telltale.stats().pending).toBe(1);
    expect(await telltale.flush()).toEqual({ sent: 3, rejected: 0, dropped: 0, pending: 0 });
    expect([modelsOf(0), modelsOf(1)]).toEqual([['a', 'b'], ['c']]);
  });

  it('goes after the interval when no batch is full', async () => {
    const telltale = test.open({ flushIntervalMs: 700 });
    telltale.llmCall(call());
    await expect.poll(() => telltale.stats().sent).toBe(1);
    expect(test.waits).toContain(700);
  });

  it('is compressed when it is large', async () => {
    const telltale = test.open();
    telltale.llmCall(call());
    await telltale.flush();
    for (let n = 0; n < 50; n++) telltale.llmCall(call());
    await telltale.flush();
    expect(test.server.calls.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip']);
    expect(Number(test.server.calls[1]?.headers['content-length'])).toBeLessThan(
      (test.server.calls[1]?.bytes ?? 0) / 3,
    );
  });
});

describe('a server that does not take a batch', () => {
  it.each([
    ['is overloaded', failWith('OVERLOADED'), 'OVERLOADED'],
    ['has a fault', failWith('INTERNAL', {}, 500), 'INTERNAL'],
    ['is behind a proxy that says 502', json(502, '<html>'), 'HTTP_502'],
    ['is behind a page with status 200', json(200, '<html>'), 'HTTP_200'],
    [
      'accounts for too few events',
      json(200, { data: { recordActivity: { accepted: 1, duplicates: 0, rejected: [] } } }),
      'HTTP_200',
    ],
    ...[null, 'llmCalls', { dataset: 'llmCalls' }].map((rejection): [string, Reply, string] => [
      `rejects ${JSON.stringify(rejection)}`,
      json(200, { data: { recordActivity: { accepted: 1, duplicates: 0, rejected: [rejection] } } }),
      'HTTP_200',
    ]),
  ])('gets it again with the same ids when it %s', async (_what, reply, code) => {
    const telltale = test.open();
    test.server.reply(reply, reply);
    telltale.llmCall(call('a'));
    telltale.llmCall(call('b'));
    expect(await telltale.flush()).toEqual({ sent: 2, rejected: 0, dropped: 0, pending: 0 });
    expect(test.server.calls).toHaveLength(3);
    const ids = test.server.calls.map(({ all }) => all.map(({ id, timestamp }) => [id, timestamp]));
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
    expect(test.kinds()).toEqual([`RETRYING ${code} 2`, `RETRYING ${code} 2`]);
    expect(test.waits).toEqual([500, 1000]);
  });

  it('is left alone for as long as it asks', async () => {
    const telltale = test.open();
    test.server.reply(
      failWith('OVERLOADED', { retryAfterMs: 1500 }),
      json(503, '', { 'retry-after': '2' }),
      failWith('RATE_LIMITED', { retryAfterMs: 40 }, 429),
    );
    telltale.llmCall(call());
    await telltale.flush();
    expect(test.waits).toEqual([2000, 2500, 540]);
  });

  it('is not waited for when it asks for more time than the flush has', async () => {
    const telltale = test.open();
    test.server.reply(json(429, '', { 'retry-after': '3600' }));
    telltale.llmCall(call());
    expect(await telltale.flush()).toEqual({ sent: 0, rejected: 0, dropped: 0, pending: 1 });
    expect(await telltale.close()).toEqual({ sent: 0, rejected: 0, dropped: 1, pending: 0 });
  });

  it('is not asked again at once when it asks for a longer wait than a timer can have', async () => {
    const telltale = test.open();
    test.server.reply(json(503, '', { 'retry-after': '1e300' }), json(503, '', { 'retry-after': '2147484' }));
    telltale.llmCall(call());
    await telltale.flush();
    await telltale.close();
    expect(test.server.calls).toHaveLength(1);
    expect(waitBefore(1, 3e9, 1)).toBe(2 ** 31 - 1);
  });

  it('completes a flush beside close when the client drops what is left', async () => {
    const telltale = test.open();
    test.server.reply(hang);
    telltale.llmCall(call());
    const flushed = telltale.flush();
    expect(await telltale.close({ timeoutMs: 1 })).toMatchObject({ dropped: 1, pending: 0 });
    expect(await flushed).toMatchObject({ dropped: 1, pending: 0 });
  });

  it('gets halves of a batch that is too large, and all events except one that is too large alone', async () => {
    const telltale = test.open();
    const most = 2_000;
    const tooLarge: typeof accept = (sent, response) =>
      (sent.bytes > most
        ? json(413, { errors: [{ message: 'Too large.', extensions: { code: 'BAD_USER_INPUT' } }] })
        : accept)(sent, response);
    test.server.reply(...Array.from({ length: 40 }, () => tooLarge));
    for (let n = 0; n < 16; n++) telltale.llmCall(call(`m${n}`));
    telltale.llmCall({ ...call('huge'), errorMessage: 'x'.repeat(most) });
    telltale.llmCall(call('last'));
    expect(await telltale.flush()).toEqual({ sent: 17, rejected: 1, dropped: 0, pending: 0 });
    expect(test.kinds()).toEqual(['REJECTED TOO_LARGE 1']);
    expect(test.server.calls.length).toBeLessThan(15);
  });

  it.each([
    ['an unknown key', failWith('UNAUTHENTICATED', {}, 401), 'UNAUTHENTICATED'],
    ['a key without the scope', failWith('FORBIDDEN'), 'FORBIDDEN'],
    ['a wrong path', json(404, 'not here'), 'HTTP_404'],
  ])('refuses at once: %s', async (_what, reply, code) => {
    const telltale = test.open();
    test.server.reply(reply);
    telltale.llmCall(call());
    expect(await telltale.close()).toEqual({ sent: 0, rejected: 1, dropped: 0, pending: 0 });
    expect(test.kinds()).toEqual([`REJECTED ${code} 1`]);
    expect(test.server.calls).toHaveLength(1);
  });

  it('refuses only the dataset that it does not have', async () => {
    const telltale = test.open();
    test.server.reply(failWith('BAD_USER_INPUT', { argument: 'input.ragMetrics' }));
    telltale.llmCall(call());
    telltale.record('ragMetrics', { hitRate: 1 });
    expect(await telltale.flush()).toEqual({ sent: 1, rejected: 1, dropped: 0, pending: 0 });
    expect(test.problems).toMatchObject([{ kind: 'REJECTED', dataset: 'ragMetrics', count: 1 }]);
  });

  it('rejects events, and the others count as sent', async () => {
    const telltale = test.open();
    test.server.reply(reject('llmCalls', 1));
    telltale.error({ errorType: 'a', errorMessage: 'b' });
    for (const model of ['a', 'b', 'c']) telltale.llmCall(call(model));
    expect(await telltale.flush()).toEqual({ sent: 3, rejected: 1, dropped: 0, pending: 0 });
    expect(test.problems).toMatchObject([
      {
        kind: 'REJECTED',
        code: 'OUT_OF_RANGE',
        dataset: 'llmCalls',
        field: 'latencyMs',
        event: { model: 'b' },
      },
    ]);
    expect(test.server.calls).toHaveLength(1);
  });

  it('that hangs is given up after the timeout, and asked again', async () => {
    const telltale = test.open({ timeoutMs: 200 }, { ...nodePlatform, random: () => 0 });
    test.server.reply(hang);
    telltale.llmCall(call());
    expect(await telltale.flush({ timeoutMs: NEVER_MS })).toMatchObject({ sent: 1, pending: 0 });
    expect(test.kinds()[0]).toBe('RETRYING TIMEOUT 1');
  });

  it('that dies after its commit gets the same ids again', async () => {
    const telltale = test.open();
    test.server.reply(commitAndDie(test.server));
    telltale.llmCall(call());
    expect(await telltale.flush()).toMatchObject({ sent: 1 });
    expect(test.server.recorded).toHaveLength(2);
    expect(new Set(test.server.recorded).size).toBe(1);
  });

  it('gets nothing that is older than retryForMs', async () => {
    const telltale = test.open({ retryForMs: 0 });
    test.server.reply(failWith('UNAVAILABLE'));
    telltale.llmCall(call());
    expect(await telltale.flush()).toEqual({ sent: 0, rejected: 0, dropped: 1, pending: 0 });
    expect(test.kinds()).toEqual(['DROPPED UNAVAILABLE 1']);
  });
});

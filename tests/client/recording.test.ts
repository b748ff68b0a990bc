import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { createIds } from '../../client/src/ids.ts';
import { createTelltale } from '../../client/src/node.ts';
import { nodePlatform } from '../../client/src/platforms/node.ts';
import { webPlatform } from '../../client/src/platforms/web.ts';
import { call } from './support/events.ts';
import { withIngestServer } from './support/open-client.ts';

const test = withIngestServer();

describe('the context', () => {
  it('fills in the fields that the datasets have, also after awaits', async () => {
    const telltale = test.open({ release: 'v1' });
    await telltale.withContext({ requestId: 'r-1', endUser: 'ada', agentId: 'builder' }, async () => {
      await turn();
      telltale.llmCall(call());
      telltale.llmCall({ ...call(), endUser: 'bob', agentId: null });
      telltale.record('ragMetrics', {});
      telltale.request({ endpoint: '/', method: 'GET', statusCode: 200, latencyMs: 1 });
      telltale.withContext({ taskId: 'T-1' }, () =>
        expect(telltale.context()).toMatchObject({ taskId: 'T-1', endUser: 'ada' }),
      );
    });
    telltale.llmCall(call());
    expect(telltale.context()).toEqual({});
    await telltale.flush();
    const { llmCalls = [], ragMetrics, requestLogs } = test.server.calls[0]?.events ?? {};
    expect(llmCalls[0]).toMatchObject({
      requestId: 'r-1',
      endUser: 'ada',
      agentId: 'builder',
      release: 'v1',
    });
    expect(llmCalls[1]).toMatchObject({ endUser: 'bob', agentId: null });
    expect(llmCalls[2]).not.toHaveProperty('requestId');
    expect(Object.keys(ragMetrics?.[0] ?? {})).toEqual(['id', 'timestamp']);
    expect(requestLogs?.[0]).toMatchObject({ requestId: 'r-1', agentId: 'builder' });
    expect(requestLogs?.[0]).not.toHaveProperty('endUser');
  });

  it('lasts until work returns on platforms that cannot follow awaits', () => {
    vi.stubGlobal('process', {});
    const store = webPlatform.createStore<number>();
    vi.unstubAllGlobals();
    expect(store.run(1, () => [store.get(), store.run(2, () => store.get()), store.get()])).toEqual([
      1, 2, 1,
    ]);
    expect(() => store.run(1, () => raise())).toThrow('from work');
    expect(store.get()).toBeUndefined();
  });

  it('follows awaits at the edge, which has AsyncLocalStorage but throws for the rest of Node', async () => {
    vi.stubGlobal('AsyncLocalStorage', AsyncLocalStorage);
    vi.stubGlobal('process', { getBuiltinModule: raise });
    const store = webPlatform.createStore<number>();
    vi.unstubAllGlobals();
    expect(await store.run(1, () => turn().then(() => store.get()))).toBe(1);
  });
});

function raise(): never {
  throw new Error('from work');
}

describe('mask', () => {
  it('changes events or omits them; an event that it cannot mask is not sent', async () => {
    const telltale = test.open({
      mask(event, dataset) {
        if (event['model'] === 'secret') return null;
        if (event['model'] === 'broken') raise();
        return { ...event, attributes: { from: dataset } };
      },
    });
    for (const model of ['secret', 'broken', 'open']) telltale.llmCall(call(model));
    expect(await telltale.flush()).toEqual({ sent: 1, rejected: 1, dropped: 1, pending: 0 });
    expect(test.server.calls[0]?.all).toMatchObject([{ model: 'open', attributes: { from: 'llmCalls' } }]);
    expect(test.kinds()).toEqual(['REJECTED MASK_FAILED 1']);
  });

  it.each([
    ['nothing', undefined],
    ['a function', raise],
    ['a text', 'secret'],
    ['a list', []],
    ['an object whose JSON is none', { toJSON: () => undefined }],
  ])('rejects an event for which it returns %s', async (_what, masked) => {
    const telltale = test.open({ mask: () => masked as never });
    telltale.llmCall(call());
    expect(await telltale.flush()).toEqual({ sent: 0, rejected: 1, dropped: 0, pending: 0 });
    expect(test.problems).toMatchObject([
      { kind: 'REJECTED', code: 'WRONG_TYPE', message: expect.stringMatching(/^The result of mask must be/) },
    ]);
    expect(test.server.calls).toEqual([]);
  });
});

describe('what was thrown', () => {
  it('becomes an error, whatever it is', async () => {
    const telltale = test.open();
    telltale.error('no such shop', { severity: 'WARNING' });
    telltale.error(runInNewContext("new RangeError('too far')"));
    telltale.error({ errorType: 'Timeout', errorMessage: 'late' }, { sessionId: 's-1' });
    telltale.error(Object.assign(new TypeError('odd'), { errorType: 'of its own' }));
    for (const thrown of [undefined, null, 7, Object.create(null)]) telltale.error(thrown);
    expect(await telltale.flush()).toMatchObject({ sent: 8, rejected: 0 });
    const unknown = (errorMessage: string) => ({ errorType: 'Unknown', errorMessage });
    expect(test.server.calls[0]?.all).toMatchObject([
      { ...unknown('no such shop'), severity: 'WARNING' },
      {
        ...{ errorType: 'RangeError', errorMessage: 'too far' },
        stackTrace: expect.stringContaining('RangeError: too far'),
      },
      { errorType: 'Timeout', errorMessage: 'late', sessionId: 's-1' },
      { errorType: 'TypeError', errorMessage: 'odd' },
      ...['undefined', 'null', '7', 'The thrown value cannot be read.'].map(unknown),
    ]);
  });

  it('is rejected if it is an event that cannot be read', () => {
    const telltale = test.open();
    telltale.error({
      errorType: 'Timeout',
      get errorMessage() {
        return raise();
      },
    });
    expect(test.kinds()).toEqual(['REJECTED NOT_JSON 1']);
  });
});

describe('nothing throws into the caller', () => {
  it.each([
    ['its own JSON, which is none', { toJSON: () => undefined }],
    ['its own JSON, which is a text', { toJSON: () => 'text' }],
    ['no object', null],
    ['a list', [call()]],
    ['a circle', circle()],
    ['a BigInt', { ...call(), latencyMs: 1n }],
    ['a number that JSON does not have', { ...call(), attributes: { ratio: [0, Number.NaN] } }],
    [
      'a getter that throws',
      {
        get model() {
          return raise();
        },
      },
    ],
  ])('from an event that is %s', async (_what, event) => {
    const telltale = test.open();
    telltale.llmCall(event as never);
    expect(await telltale.flush()).toEqual({ sent: 0, rejected: 1, dropped: 0, pending: 0 });
    expect(test.server.calls).toEqual([]);
  });

  it('from a dataset that does not exist', () => {
    const telltale = test.open();
    telltale.record('toString' as never, {} as never);
    expect(test.kinds()).toEqual(['REJECTED UNKNOWN_DATASET 1']);
  });

  it('from functions of the options', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const telltale = test.open({ onError: raise, waitUntil: raise, maxQueueEvents: 1 });
    telltale.llmCall(call());
    telltale.llmCall(call());
    expect(await telltale.flush()).toEqual({ sent: 1, rejected: 0, dropped: 1, pending: 0 });
    expect(warn).toHaveBeenCalled();
  });

  it('except for options that cannot work: they are refused at the start, by the name of the option', () => {
    expect(() => createTelltale({ url: 'localhost' })).toThrow('url');
    expect(() => createTelltale({})).toThrow('url: "" is not a URL. Give the URL of the server');
    expect(() => createTelltale({ url: 'http://key@host' })).toThrow('apiKey');
    expect(() => createTelltale({ url: 'http://host', batchSize: 0 })).toThrow(
      'batchSize: 0 must be a whole number from 1',
    );
  });
});

function circle(): object {
  const event: Record<string, unknown> = {};
  event['attributes'] = event;
  return event;
}

describe('a client that is not enabled', () => {
  it('runs work, and records nothing', async () => {
    const telltale = createTelltale({ enabled: false });
    telltale.llmCall(call());
    expect(telltale.withContext({ taskId: 'T' }, () => telltale.context())).toEqual({ taskId: 'T' });
    expect(await telltale.close()).toEqual({ sent: 0, rejected: 0, dropped: 0, pending: 0 });
    expect(telltale.stats()).toMatchObject({ recorded: 0 });
  });
});

describe('problems without onError', () => {
  it('are reported on the console, once a minute for each kind and code', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const telltale = test.open({ onError: undefined, maxQueueEvents: 1 });
    for (let n = 0; n < 4; n++) telltale.llmCall(call());
    telltale.record('nothing' as never, {} as never);
    await telltale.close();
    expect(warn.mock.calls).toEqual([
      ['telltale: DROPPED 1 event: QUEUE_FULL: The queue is full (maxQueueEvents, maxQueueBytes).'],
      ['telltale: REJECTED 1 event (nothing): UNKNOWN_DATASET: There is no dataset "nothing".'],
    ]);
  });
});

describe('ids', () => {
  it('ascend within a millisecond, when the clock steps back, and beyond 4,096 in one millisecond', () => {
    const times = [5, 5, 4];
    const next = createIds(() => times.shift() ?? 5, nodePlatform.randomize);
    const ids = Array.from({ length: 10_000 }, next);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(
      ids.every((id) => /^00000000-000[5-9]-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });
});

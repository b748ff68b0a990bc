import { describe, expect, it } from 'vitest';
import { call } from './support/events.ts';
import { accept, hang } from './support/ingest-server.ts';
import { withIngestServer } from './support/open-client.ts';

const test = withIngestServer();
const modelsOf = (number: number) => test.server.calls[number]?.all.map(({ model }) => model);

describe('the queue', () => {
  it('drops the oldest when it is full, and counts them', async () => {
    const telltale = test.open({ maxQueueEvents: 3 });
    for (const model of ['a', 'b', 'c', 'd', 'e']) telltale.llmCall(call(model));
    expect(telltale.stats()).toMatchObject({ recorded: 5, dropped: 2, pending: 3 });
    expect(await telltale.flush()).toEqual({ sent: 3, rejected: 0, dropped: 2, pending: 0 });
    expect(modelsOf(0)).toEqual(['c', 'd', 'e']);
    expect(test.kinds()).toEqual(['DROPPED QUEUE_FULL 1', 'DROPPED QUEUE_FULL 1']);
  });

  it('does not drop what is being sent', async () => {
    const telltale = test.open({ maxQueueEvents: 2, batchSize: 2 });
    let answer = () => {};
    test.server.reply((sent, response) => {
      answer = () => accept(sent, response);
    });
    telltale.llmCall(call('a'));
    telltale.llmCall(call('b'));
    await expect.poll(() => test.server.calls.length).toBe(1);
    telltale.llmCall(call('c'));
    expect(telltale.stats()).toMatchObject({ dropped: 1, pending: 2 });
    answer();
    expect(await telltale.flush()).toEqual({ sent: 2, rejected: 0, dropped: 1, pending: 0 });
  });

  it('is limited in bytes', async () => {
    const telltale = test.open({ maxQueueBytes: 1_000 });
    for (let n = 0; n < 20; n++) telltale.llmCall(call());
    const { pending, pendingBytes, dropped } = telltale.stats();
    expect(pendingBytes).toBeLessThanOrEqual(1_000);
    expect(pending + dropped).toBe(20);
    telltale.llmCall({ ...call(), errorMessage: 'ü'.repeat(1_000) });
    expect(telltale.stats()).toMatchObject({ pending, dropped: dropped + 1 });
    await telltale.close();
  });
});

describe('flush and close', () => {
  it('wait for everything recorded before them, also while another flush runs', async () => {
    const telltale = test.open();
    telltale.llmCall(call('a'));
    const first = telltale.flush();
    telltale.llmCall(call('b'));
    const second = telltale.flush();
    expect(await second).toEqual({ sent: 2, rejected: 0, dropped: 0, pending: 0 });
    expect((await first).pending).toBe(0);
    expect(telltale.stats()).toMatchObject({ recorded: 2, sent: 2, pending: 0 });
  });

  it('report what is pending when their time is over', async () => {
    const telltale = test.open();
    test.server.reply(hang);
    telltale.llmCall(call());
    expect(await telltale.flush({ timeoutMs: 50 })).toEqual({ sent: 0, rejected: 0, dropped: 0, pending: 1 });
    expect(await telltale.close({ timeoutMs: 0 })).toEqual({ sent: 0, rejected: 0, dropped: 1, pending: 0 });
    expect(test.kinds()).toEqual(['DROPPED CLOSED 1']);
  });

  it('close once, and count what is recorded later as dropped', async () => {
    const telltale = test.open({ flushIntervalMs: 1 });
    telltale.llmCall(call());
    const [first, again] = await Promise.all([telltale.close(), telltale.close()]);
    expect(first).toEqual({ sent: 1, rejected: 0, dropped: 0, pending: 0 });
    expect(again).toEqual(first);
    telltale.llmCall(call());
    expect(telltale.stats()).toMatchObject({ recorded: 2, sent: 1, dropped: 1, pending: 0 });
  });

  it('report each event once: later flushes do not repeat the counts of earlier ones', async () => {
    const telltale = test.open();
    telltale.llmCall(call());
    await telltale.flush();
    telltale.llmCall(call());
    expect(await telltale.flush()).toEqual({ sent: 1, rejected: 0, dropped: 0, pending: 0 });
    expect(await telltale.flush()).toEqual({ sent: 0, rejected: 0, dropped: 0, pending: 0 });
  });

  it('give waitUntil one promise for events that are recorded together', async () => {
    const promises: Promise<unknown>[] = [];
    const telltale = test.open({ waitUntil: (sent) => void promises.push(sent) });
    telltale.llmCall(call());
    telltale.llmCall(call());
    expect(promises).toHaveLength(1);
    await promises[0];
    expect(telltale.stats()).toMatchObject({ sent: 2, pending: 0 });
    telltale.llmCall(call());
    expect(promises).toHaveLength(2);
    await promises[1];
    expect(telltale.stats()).toMatchObject({ sent: 3, pending: 0 });
  });
});

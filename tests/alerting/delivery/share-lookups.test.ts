import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../../src/alerting/delivery/address-guard.ts';
import { createSender } from '../../../src/alerting/delivery/sender.ts';
import { shareLookups } from '../../../src/alerting/delivery/share-lookups.ts';
import { parseNetwork } from '../../../src/core/networks.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { notice } from './support/notice.ts';
import { startReceiver } from './support/receiver.ts';

const ADDRESS: LookupAddress = { address: '127.0.0.1', family: 4 };

/** Lookups that are answered when the test says so. */
function createLookups() {
  const asked: string[] = [];
  const waiting = new Map<string, PromiseWithResolvers>();
  const lookup: Lookup = (host) => {
    asked.push(host);
    return new Promise((resolve, reject) => waiting.set(host, { resolve, reject }));
  };
  return { asked, lookup, of: (host: string) => waiting.get(host) as PromiseWithResolvers };
}

interface PromiseWithResolvers {
  resolve(addresses: readonly LookupAddress[]): void;
  reject(error: Error): void;
}

describe('lookups of hosts', () => {
  it('run once at a time, for all callers', async () => {
    const { asked, lookup, of } = createLookups();
    const shared = shareLookups(lookup);
    const answers = [shared('a'), shared('a'), shared('b')];
    expect(asked).toEqual(['a', 'b']);
    of('b').resolve([]);
    of('a').resolve([ADDRESS]);
    expect(await Promise.all(answers)).toEqual([[ADDRESS], [ADDRESS], []]);
    const again = shared('a');
    expect(asked).toEqual(['a', 'b', 'a']);
    of('a').resolve([]);
    expect(await again).toEqual([]);
  });

  it('that fail do so for all callers, and are repeated for the next one', async () => {
    const { asked, lookup, of } = createLookups();
    const shared = shareLookups(lookup);
    const answers = [shared('a'), shared('a')];
    of('a').reject(new Error('ENOTFOUND'));
    expect(await Promise.allSettled(answers)).toMatchObject([
      { status: 'rejected', reason: { message: 'ENOTFOUND' } },
      { status: 'rejected', reason: { message: 'ENOTFOUND' } },
    ]);
    void shared('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('that hang are not started again by later attempts, and delay no other host', async () => {
    await using receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const { asked, lookup } = createLookups();
    const sender = createSender({
      clock: createTestClock(Date.now()),
      allowed: [parseNetwork('127.0.0.0/8') as never],
      timeoutMs: 20,
      lookup: (host) => (host === 'fine.test' ? Promise.resolve([ADDRESS]) : lookup(host)),
    });
    const send = (host: string) => {
      const url = `http://${host}:${port}/hook`;
      const endpoint = { kind: 'WEBHOOK', url, secret: 'whsec_AAAA' };
      const messages = [{ messageId: 'msg_1', notice: notice() }] as const;
      return sender.send({ endpoint, messages }, new AbortController().signal);
    };
    const failed = { statusCode: null, error: 'hangs.test did not answer within 0.02 seconds.' };
    expect(await Promise.all([send('hangs.test'), send('hangs.test')])).toMatchObject([failed, failed]);
    expect(await send('hangs.test')).toMatchObject(failed);
    expect(asked).toEqual(['hangs.test']);
    // On a busy machine it takes more than 20 ms, but it must arrive.
    await expect.poll(async () => (await send('fine.test'))?.statusCode).toBe(204);
  });
});

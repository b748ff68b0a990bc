import { describe, expect, it } from 'vitest';
import type { Fetch, TelltaleOptions } from '../../client/src/options.ts';
import type { Platform } from '../../client/src/platform.ts';
import { nodePlatform } from '../../client/src/platforms/node.ts';
import { call } from './support/events.ts';
import { hang } from './support/ingest-server.ts';
import { withIngestServer } from './support/open-client.ts';

const test = withIngestServer();

describe('the end of a page', () => {
  /** A page, and the requests that its browser would let outlive it. */
  function openPage(options?: Partial<TelltaleOptions>) {
    let isEnding = false;
    let flush: () => unknown = () => undefined;
    const keptAlive: boolean[] = [];
    const platform: Platform = {
      ...nodePlatform,
      isEnding: () => isEnding,
      beforeEnd(atEnd) {
        flush = () => atEnd(false);
        return () => undefined;
      },
    };
    const sends: Fetch = (url, init) => {
      keptAlive.push(init.keepalive === true);
      return fetch(url, init);
    };
    const telltale = test.open({ fetch: sends, ...options }, platform);
    const end = () => {
      isEnding = true;
      return flush();
    };
    return { telltale, keptAlive, end };
  }

  it('sends what is in progress again, with what waits, in a request that outlives the page', async () => {
    const { telltale, keptAlive, end } = openPage({ batchSize: 1 });
    test.server.reply(hang);
    telltale.llmCall(call('under way'));
    await expect.poll(() => test.server.calls.length).toBe(1);
    telltale.llmCall(call('waits'));
    telltale.llmCall(call('waits, too'));
    await end();
    expect(test.server.calls[1]?.all.map(({ model }) => model)).toEqual(['under way', 'waits', 'waits, too']);
    expect(test.server.calls[1]?.all[0]?.['id']).toBe(test.server.calls[0]?.all[0]?.['id']);
    expect(keptAlive).toEqual([false, true]);
    expect(telltale.stats()).toMatchObject({ sent: 3, pending: 0, retries: 0 });
  });

  it('does not wait for gzip, and sends at most what may outlive the page', async () => {
    const { telltale, keptAlive, end } = openPage();
    for (let number = 0; number < 100; number++) {
      telltale.llmCall({ ...call(), errorMessage: 'x'.repeat(1_000) });
    }
    await end();
    expect(test.server.calls.map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      undefined,
    ]);
    expect(test.server.calls.every(({ bytes }) => bytes < 65_536)).toBe(true);
    expect(keptAlive).toEqual([true, true]);
    expect(telltale.stats()).toMatchObject({ sent: 100, pending: 0 });
  });
});

import { expect, it } from 'vitest';
import type { Telltale } from '../../client/src/client.ts';
import { createTelltale } from '../../client/src/node.ts';
import type { Problem } from '../../client/src/problem.ts';
import { serve } from '../faults/support/served.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call } from './support/events.ts';

const MODELS =
  '{ llmCallAnalytics(range: { last: "PT1H" }) { groups(first: 1000) { dimensions { model } stats { count } } } }';

interface Groups {
  readonly llmCallAnalytics: {
    readonly groups: readonly {
      readonly dimensions: { readonly model: string };
      readonly stats: { readonly count: number };
    }[];
  };
}

/** The number of stored events of each model. Events of a wave share a model. */
async function storedBy(app: TestApp): Promise<Record<string, number>> {
  const { llmCallAnalytics } = await app.query<Groups>(MODELS);
  return Object.fromEntries(
    llmCallAnalytics.groups.map(({ dimensions, stats }) => [dimensions.model, stats.count]),
  );
}

/** Records events until this many more are acknowledged, so that a batch is in progress. */
async function recordUntil(telltale: Telltale, acknowledged: number): Promise<void> {
  while (telltale.stats().sent < acknowledged) {
    for (let n = 0; n < 20; n++) telltale.llmCall(call('before'));
    await new Promise(setImmediate);
  }
}

describeEachDatabase('a server that is killed in the middle of batches and comes back', (database) => {
  it('has each acknowledged event once, and what was dropped is counted exactly', async () => {
    const port = await freePort();
    const DATABASE_URL = await database.createMigratedUrl();
    const problems: Problem[] = [];
    const telltale = createTelltale({
      ...{ url: `http://127.0.0.1:${port}`, batchSize: 50, maxQueueEvents: 500, timeoutMs: 60_000 },
      onError: (problem) => void problems.push(problem),
    });
    await using killed = await serve(port, { DATABASE_URL });
    await recordUntil(telltale, 300);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const { recorded, dropped } = telltale.stats();
    for (let n = 0; n < 2_000; n++) telltale.llmCall(call('meanwhile'));
    expect(telltale.stats()).toMatchObject({ recorded: recorded + 2_000, pending: 500 });

    await using app = await startApp({
      database,
      databaseUrl: DATABASE_URL,
      environment: { PORT: String(port) },
    });
    const result = await telltale.close();
    const stats = telltale.stats();
    expect(result).toMatchObject({ rejected: 0, pending: 0 });
    expect(stats.sent + stats.dropped).toBe(stats.recorded);
    expect(stats.dropped - dropped).toBeGreaterThan(1_500);
    expect(problems.filter(({ kind }) => kind === 'RETRYING')).not.toEqual([]);
    const stored = await storedBy(app);
    expect(Object.values(stored).reduce((total, count) => total + count, 0)).toBe(stats.sent);
  });
});

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { copyFileOf } from '../../src/columns/copy-path.ts';
import { LOOK_ROWS } from '../../src/lists/way.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { llmCall } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { describeSqlite } from './support/copies.ts';

const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
/** No rollup holds latencies of single calls. */
const SLOW_CALLS = `{ llmCallAnalytics(range: { last: "P1D" }, filter: { latencyMs: { gt: 50 } }) {
  groups { dimensions { endUser } stats { count latencyMs { p95 } } } source { kind reason }
} }`;

interface SlowCalls {
  readonly llmCallAnalytics: {
    readonly groups: readonly {
      readonly dimensions: { readonly endUser: string };
      readonly stats: { readonly count: number; readonly latencyMs: { readonly p95: number } };
    }[];
    readonly source: { readonly kind: string; readonly reason: string };
  };
}

async function slowCalls(app: TestApp) {
  const { llmCallAnalytics } = await app.query<SlowCalls>(SLOW_CALLS);
  const { groups, source } = llmCallAnalytics;
  return {
    ...source,
    counts: groups.map(({ dimensions, stats }) => [dimensions.endUser, stats.count, stats.latencyMs.p95]),
  };
}

describeSqlite('a server with a copy by columns', (database) => {
  test('answers from it with everything that was acknowledged', async () => {
    await using app = await startApp({ database, environment: { COLUMN_STORE: 'on' } });
    const record = (endUser: string, latencyMs: number) =>
      app.query(RECORD, { input: [llmCall({ endUser, latencyMs }), llmCall({ endUser, latencyMs: 1 })] });
    await record('ada', 100);
    // While the copy opens, the rows answer.
    await expect
      .poll(() => slowCalls(app), { timeout: 20_000 })
      .toEqual({
        kind: 'COLUMNS',
        reason: 'columns: no rollup keeps latencyMs',
        counts: [['ada', 1, 100]],
      });
    await record('ada', 300);
    await record('bob', 60);
    expect((await slowCalls(app)).counts).toEqual([
      ['ada', 2, 290],
      ['bob', 1, 60],
    ]);
  });

  test('finds pages and counts lists by it, with everything that was acknowledged', async () => {
    await using app = await startApp({ database, environment: { COLUMN_STORE: 'on' } });
    const file = copyFileOf(app.databaseUrl.slice('file:'.length));
    const calls = Array.from({ length: LOOK_ROWS }, (_, number) =>
      callRow({ latencyMs: number, endUser: 'bob' }),
    );
    await app.app.services.store.append([callGroup(...calls)]);
    const slowest = () =>
      app.query('{ llmCalls(orderBy: { field: LATENCY_MS }, first: 2) { nodes { latencyMs } totalCount } }');
    const newest = () => app.query('{ llmCalls(first: 2) { nodes { endUser } pageInfo { hasNextPage } } }');
    expect(await newest()).toMatchObject({ llmCalls: { pageInfo: { hasNextPage: true } } });
    expect(existsSync(file), 'the rows of an index need no copy').toBe(false);
    const found = (...latencies: number[]) => latencies.map((latencyMs) => ({ latencyMs }));
    expect(await slowest()).toEqual({
      llmCalls: { nodes: found(LOOK_ROWS - 1, LOOK_ROWS - 2), totalCount: LOOK_ROWS },
    });
    await expect.poll(() => existsSync(file)).toBe(true);
    await app.query(RECORD, { input: [llmCall({ endUser: 'ada', latencyMs: 1e6 })] });
    expect(await slowest()).toEqual({
      llmCalls: { nodes: found(1e6, LOOK_ROWS - 1), totalCount: LOOK_ROWS + 1 },
    });
  });

  test('answers from rows while there are few events, and says why', async () => {
    await using app = await startApp({ database });
    await app.query(RECORD, { input: [llmCall({ endUser: 'ada' })] });
    expect(await slowCalls(app)).toEqual({
      kind: 'RAW',
      reason: 'raw rows: no rollup keeps latencyMs; the columns begin at 50,000 events',
      counts: [['ada', 1, 100]],
    });
  });

  test('has none if it is off, and removes what was there', async () => {
    const databaseUrl = await database.createMigratedUrl();
    const file = copyFileOf(databaseUrl.slice('file:'.length));
    await writeFile(file, '');
    await using app = await startApp({ database, databaseUrl, environment: { COLUMN_STORE: 'off' } });
    expect(existsSync(file)).toBe(false);
    expect(await slowCalls(app)).toEqual({
      kind: 'RAW',
      reason: 'raw rows: no rollup keeps latencyMs',
      counts: [],
    });
  });
});

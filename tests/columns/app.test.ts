import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { copyFileOf } from '../../src/columns/copy-path.ts';
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
    const record = (endUser: string, latencyMs: number) => {
      const attributes = { region: 'eu', 'a.b': { '"': latencyMs } };
      return app.query(RECORD, {
        input: [llmCall({ endUser, latencyMs, attributes }), llmCall({ endUser, latencyMs: 1 })],
      });
    };
    await record('ada', 100);
    expect(await slowCalls(app)).toEqual({
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
    expect(
      await app.query(`{ llmCallAnalytics(range: { last: "P1D" }, filter: { attributes: { path: "region", eq: "eu" } }) {
        distinct(attribute: "\\"a.b\\".\\"\\\\\\"\\"") { value count } source { kind }
      } }`),
    ).toEqual({
      llmCallAnalytics: {
        distinct: [60, 100, 300].map((value) => ({ value, count: 1 })),
        source: { kind: 'COLUMNS' },
      },
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

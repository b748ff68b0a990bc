import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { PROBE_ROWS } from '../../src/lists/access-path.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { fileOfCopy } from './support/copies.ts';

const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
/** No rollup contains latencies of single calls. */
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

describeEachDatabase('a server with a columnar copy', (database) => {
  /** A database, and the path of its copy. */
  async function prepare(mode: 'on' | 'off') {
    const databaseUrl = await database.createMigratedUrl();
    const file = fileOfCopy(databaseUrl);
    return { databaseUrl, file, environment: { COLUMN_STORE: mode, COLUMN_STORE_FILE: file } };
  }

  test('answers from it, including everything that was acknowledged', async () => {
    await using app = await startApp({ database, ...(await prepare('on')) });
    const record = (endUser: string, latencyMs: number) => {
      const attributes = { region: 'eu', 'a.b': { '"': latencyMs } };
      return app.query(RECORD, {
        input: [llmCall({ endUser, latencyMs, attributes }), llmCall({ endUser, latencyMs: 1 })],
      });
    };
    await record('ada', 100);
    // Until the copy is open, rows answer.
    await expect
      .poll(() => slowCalls(app), { timeout: 30_000 })
      .toEqual({
        kind: 'COLUMNS',
        reason: 'columns: no rollup keeps latencyMs, endUser',
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
    expect(
      await app.query(`{ llmCallAnalytics(range: { last: "P1D" }, filter: { latencyMs: { lt: 1e21 } }) {
        totals { count } source { kind }
      } }`),
    ).toEqual({ llmCallAnalytics: { totals: { count: 6 }, source: { kind: 'COLUMNS' } } });
  });

  test('finds pages and counts lists by it, including everything that was acknowledged', async () => {
    await using app = await startApp({ database, ...(await prepare('on')) });
    const calls = Array.from({ length: PROBE_ROWS }, (_, number) =>
      callRow({ latencyMs: number, endUser: 'bob' }),
    );
    await app.app.services.store.append([callGroup(...calls)]);
    const slowest = () =>
      app.query('{ llmCalls(orderBy: { field: LATENCY_MS }, first: 2) { nodes { latencyMs } totalCount } }');
    const newest = () => app.query('{ llmCalls(first: 2) { nodes { endUser } pageInfo { hasNextPage } } }');
    expect(await newest()).toMatchObject({ llmCalls: { pageInfo: { hasNextPage: true } } });
    const found = (...latencies: number[]) => latencies.map((latencyMs) => ({ latencyMs }));
    expect(await slowest()).toEqual({
      llmCalls: { nodes: found(PROBE_ROWS - 1, PROBE_ROWS - 2), totalCount: PROBE_ROWS },
    });
    await app.query(RECORD, { input: [llmCall({ endUser: 'ada', latencyMs: 1e6 })] });
    expect(await slowest()).toEqual({
      llmCalls: { nodes: found(1e6, PROBE_ROWS - 1), totalCount: PROBE_ROWS + 1 },
    });
  });

  test('answers from rows while there are few events, and says why', async () => {
    await using app = await startApp({ database });
    await app.query(RECORD, { input: [llmCall({ endUser: 'ada' })] });
    expect(await slowCalls(app)).toEqual({
      kind: 'RAW',
      reason: 'raw rows: no rollup keeps latencyMs, endUser; the columns begin at 50,000 events',
      counts: [['ada', 1, 100]],
    });
  });

  test('has none if it is off, and removes an existing one', async () => {
    const { file, ...given } = await prepare('off');
    await writeFile(file, '');
    await using app = await startApp({ database, ...given });
    expect(existsSync(file)).toBe(false);
    expect(await slowCalls(app)).toEqual({
      kind: 'RAW',
      reason: 'raw rows: no rollup keeps latencyMs, endUser',
      counts: [],
    });
  });

  if (database.dialect === 'postgresql') {
    test('has none for a database with Citus', async () => {
      const { file, ...given } = await prepare('on');
      await writeFile(file, '');
      const store = await createStore({ url: given.databaseUrl, datasets: [] });
      // In the form that the extension records before it has nodes, because the PostgreSQL of the
      // tests lacks the extension.
      await sql`create table pg_dist_node (shouldhaveshards boolean)`.execute(store.query);
      await sql`create table pg_dist_partition (logicalrelid oid, partmethod text)`.execute(store.query);
      await sql`insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        values (99999, 'citus', 10, 11, false, '13.0')`.execute(store.query);
      await store.close();
      await using app = await startApp({ database, ...given });
      await app.waitForLog({ msg: 'A database with Citus has no columnar copy' });
      expect((await slowCalls(app)).kind).toBe('RAW');
      expect(existsSync(file)).toBe(false);
    });
  }
});

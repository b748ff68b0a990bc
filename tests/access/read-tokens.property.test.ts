import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { type Filter, matches } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createLists } from '../../src/lists/lists.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import { useColumns } from '../analytics/support/columns-of-tests.ts';
import { rowsOf, storedRows } from '../analytics/support/events.ts';
import { filtersOver } from '../analytics/support/filters.ts';
import { callerOf } from '../support/callers.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';

const window = { from: Date.parse('2026-11-20T10:00:00Z'), to: Date.parse('2026-11-20T16:00:00Z') };
const { at, columns }: Dataset = llmCalls;
const SOURCE = `query ($ids: [ID!]!, $range: TimeRangeInput!) {
  llmCalls(first: 500) { totalCount nodes { uuid } }
  nodes(ids: $ids) { id }
  llmCallAnalytics(range: $range) { totals { count } }
}`;
/** No index has this order. */
const BY_COLUMNS = '{ llmCalls(first: 500, orderBy: { field: LATENCY_MS }) { totalCount nodes { uuid } } }';
const RANGE = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };

/** A token whose filter selects these rows. */
const tokenOf = (filter: Filter): Caller => ({
  ...callerOf('default', []),
  rows: new Map([[llmCalls.name, filter]]),
});

describeEachDatabase('a read token with any filter', (database) => {
  const rows = storedRows(llmCalls, fc.sample(rowsOf(llmCalls, window), { numRuns: 40, seed: 7 })).map(
    (row) => row.with(at.projectId, 'default'),
  );
  const copy = useColumns();
  let graphql: TestGraphQL;
  let byColumns: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.services.store.append([{ parts: [{ dataset: llmCalls, rows }] }]);
    await copy.append(llmCalls, rows);
    byColumns = await startGraphQL(database, {
      databaseUrl: graphql.databaseUrl,
      replace: ({ store }) => ({
        lists: createLists({
          ...{ store, horizons: createHorizonReader(store.query), probeRows: 1 },
          columns: { copy, log: { warn: (_, message) => expect.unreachable(message) } },
        }),
      }),
    });
  });
  afterAll(async () => {
    await byColumns[Symbol.asyncDispose]();
    await graphql[Symbol.asyncDispose]();
  });

  it('sees exactly the rows that match the filter: in lists, counts, nodes and totals', async () => {
    const ids = rows.map((row) => `LlmCall:${row[at.id]}`);
    let some = 0;
    const sees = async (filter: Filter) => {
      const taken = rows.filter((row: Row) => matches(filter, (field) => row[at[field] as number]));
      if (taken.length > 0 && taken.length < rows.length) some++;
      const data = await graphql.data(SOURCE, { ids, range: RANGE }, tokenOf(filter));
      const wanted = new Set(taken.map((row) => String(row[at.id])));
      const listed = data.llmCalls.nodes.map(({ uuid }: { uuid: string }) => uuid);
      expect(new Set(listed)).toEqual(wanted);
      expect(data.llmCalls.totalCount).toBe(wanted.size);
      expect(data.llmCallAnalytics.totals.count).toBe(wanted.size);
      expect(data.nodes).toEqual(ids.map((id) => (wanted.has(id.slice('LlmCall:'.length)) ? { id } : null)));
      const { llmCalls: again } = await byColumns.data(BY_COLUMNS, {}, tokenOf(filter));
      const sorted = again.nodes.map(({ uuid }: { uuid: string }) => uuid);
      expect(new Set(sorted)).toEqual(wanted);
      expect(again.totalCount).toBe(wanted.size);
    };
    await fc.assert(fc.asyncProperty(filtersOver(columns, window), sees), { numRuns: 60 });
    expect(some, 'filters that take some rows and leave others').toBeGreaterThan(10);
  });
});

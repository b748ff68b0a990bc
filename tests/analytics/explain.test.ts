import { CompiledQuery } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { cellsQuery } from '../../src/analytics/cells.ts';
import { coverBuckets } from '../../src/analytics/cover.ts';
import { ALL_AVAILABLE } from '../../src/analytics/plan.ts';
import { largestGroupsQuery } from '../../src/analytics/raw-ranking.ts';
import { type Piece, totalsQuery } from '../../src/analytics/raw-sql.ts';
import type { QuerySpec } from '../../src/analytics/spec.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { AT_ONCE } from '../../src/storage/row-parts.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { queryPlan } from '../support/query-plan.ts';
import { useStore } from './support/open-store.ts';
import { sampleCalls } from './support/sample.ts';

const HOUR = 3_600_000;
const boundaries = [0, HOUR, 2 * HOUR, 3 * HOUR];
const spec: QuerySpec = {
  dataset: llmCalls,
  projectId: 'default',
  range: { from: 0, to: 3 * HOUR },
  filter: { kind: 'test', field: 'provider', operator: 'eq', value: 'openai', negated: false },
  dimensions: ['endUser'],
  boundaries,
  measures: [],
};
const hours = boundaries.slice(1).map((to, bucket) => ({ bucket, from: to - HOUR, to }));
const PIECES = 'SCAN json_each VIRTUAL TABLE INDEX 1:';
const TIMESTAMP_INDEX =
  'SEARCH event USING INDEX llm_calls_project_id_timestamp_idx (project_id=? AND timestamp>? AND timestamp<?)';

describeEachDatabase('query plans', (database) => {
  const opened = useStore(database);
  // The planner of PostgreSQL uses statistics.
  beforeAll(async () => {
    await opened.append('default', llmCalls, sampleCalls(0, 500));
    await opened.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });
  const options = { measures: [], kept: null, quantiles: true };
  const rowsOf = (pieces: readonly Piece[]) => ({
    context: { ...opened.store, pass: AT_ONCE },
    spec,
    pieces,
  });

  /** The steps of the database's plan. */
  const explain = (query: { compile(): CompiledQuery }): Promise<string[]> =>
    queryPlan(opened.store, query.compile());

  const timestampIndex =
    database.dialect === 'sqlite' ? TIMESTAMP_INDEX : 'llm_calls_project_id_timestamp_idx';

  it.skipIf(notOnCitus('PLANS')).each([
    ['one range', () => totalsQuery(rowsOf(hours.slice(0, 1)), options)],
    ['several buckets', () => totalsQuery(rowsOf(hours), options)],
    ['both ends', () => totalsQuery(rowsOf([hours[0], hours[2]] as Piece[]), options)],
    ['adjacent buckets of which the largest groups are wanted', () => largestGroupsQuery(rowsOf(hours), 9)],
  ] as const)('the rows of %s are found by the index on the timestamp', async (_, query) => {
    expect((await explain(query())).join('\n')).toContain(timestampIndex);
  });

  it('cells are found by the primary key', async () => {
    const details = (await explain(cells())).join('\n');
    expect(details).toMatch(/PRIMARY KEY \(.* AND bucket>\? AND bucket<\?\)|rollup_cells_pkey/);
  });

  const cells = () => {
    const { segments } = coverBuckets(boundaries, ['HOUR'], ALL_AVAILABLE);
    return cellsQuery(opened.store, {
      spec,
      set: { dimensions: ['provider'], grains: ['HOUR'] },
      segments,
      measures: [{ sumsPosition: 0, quantiles: [0.5] }],
    });
  };

  it.runIf(database.dialect === 'sqlite')(
    'neither buckets of rows nor packs of cells are sorted',
    async () => {
      const buckets = totalsQuery({ ...rowsOf(hours), spec: { ...spec, dimensions: [] } }, options);
      expect(await explain(buckets)).toEqual([PIECES, TIMESTAMP_INDEX]);
      expect(await explain(cells())).toEqual([PIECES, expect.stringContaining('SEARCH cell')]);
    },
  );
});

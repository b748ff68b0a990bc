import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Corrections, createCorrections } from '../../src/costs/corrections.ts';
import { runCorrections } from '../../src/costs/run-corrections.ts';
import type { PricedCall } from '../../src/prices/price-book.ts';
import type { Schedule } from '../../src/runtime/schedule.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';

const RANGE = { from: '2026-11-19T00:00:00Z', to: '2026-11-22T00:00:00Z' };
const TIMES = ['19T01:00:00Z', '19T02:00:00Z', '19T03:00:00Z', '21T01:00:00Z'];
const CALL = { provider: 'acme', model: 'large', latencyMs: 10, promptTokens: 1000, completionTokens: 100 };

describeEachDatabase('corrections that continue in the background', (database) => {
  let graphql: TestGraphQL;
  let corrections: Corrections;
  let priceCall: (call: PricedCall) => number = () => 5;
  let isAway = false;
  const logged: unknown[] = [];
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { store, clock, ids } = graphql.services;
    const completion = { priceCall: (call: PricedCall) => priceCall(call) };
    const refresh = async () => {
      if (isAway) throw new StorageUnavailable('away');
    };
    corrections = createCorrections({ store, clock, ids, completion, held: { refresh }, pageSize: 2 });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function begin(projectId: string): Promise<void> {
    const input = TIMES.map((time) => ({ ...CALL, timestamp: `2026-11-${time}` }));
    const source = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
    await graphql.data(source, { input }, projectId);
    const range = { from: Date.parse(RANGE.from), to: Date.parse(RANGE.to) };
    const what = { provider: null, model: null, dryRun: false, reason: null, requestedBy: null };
    await corrections.begin({ projectId, range, ...what });
    graphql.clock.advance(1);
  }

  async function runOnce(): Promise<void> {
    let done: Promise<void> | undefined;
    const schedule: Schedule = {
      repeat(_everyMs, work) {
        done = work(new AbortController().signal);
        return { stop: async () => undefined };
      },
    };
    const lease = { isHeld: async () => true, release: async () => undefined };
    const log = { error: (details: object) => logged.push(details) };
    runCorrections({ corrections, schedule, log, lease });
    await done;
  }

  const found = async (project: string) => {
    const source = '{ costCorrections { nodes { status calls problem endedAt } } }';
    return (await graphql.data(source, {}, project)).costCorrections.nodes;
  };

  it('end if they fail, without delaying others or leaving anything behind', async () => {
    await begin('broken');
    await begin('sound');
    let priced = 0;
    priceCall = ({ projectId }) => {
      if (projectId === 'broken' && ++priced > 2) throw new Error('unforeseen');
      return 5;
    };
    await runOnce();
    expect(await found('sound')).toMatchObject([{ status: 'DONE', calls: 4, problem: null }]);
    const [failed] = await found('broken');
    const problem = expect.stringMatching(/^An unexpected error\. .* the id [0-9a-f-]{36}\.$/);
    expect(failed).toEqual({ status: 'FAILED', calls: 2, problem, endedAt: expect.any(String) });
    expect(logged).toMatchObject([{ projectId: 'broken', err: { message: 'unforeseen' } }]);

    // The next correction completes the totals of the day that the other one had begun, even if it
    // corrects another day.
    await graphql.data(
      'mutation ($range: TimeRangeInput!) { recomputeCosts(input: { range: $range }) { correction { status } } }',
      { range: { from: '2026-11-21T00:00:00Z', to: RANGE.to } },
      'broken',
    );
    const { cells, rows } = await graphql.data(
      `query ($range: TimeRangeInput!) {
        cells: llmCallAnalytics(range: $range) { totals { cost { count sum } } }
        rows: llmCallAnalytics(range: $range, filter: { latencyMs: { gt: 0 } }) { totals { cost { count sum } } }
      }`,
      { range: RANGE },
      'broken',
    );
    expect(rows.totals.cost).toEqual({ count: 2, sum: 1e-8 });
    expect(cells).toEqual(rows);
  });

  it('continue later if the database is unavailable', async () => {
    await begin('away');
    isAway = true;
    await runOnce();
    expect(await found('away')).toMatchObject([{ status: 'RUNNING', endedAt: null }]);
    isAway = false;
    await runOnce();
    expect(await found('away')).toMatchObject([{ status: 'DONE', calls: 4, problem: null }]);
  });
});

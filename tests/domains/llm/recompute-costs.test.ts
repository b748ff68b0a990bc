import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/core/time/units.ts';
import { type Corrections, createCorrections } from '../../../src/costs/corrections.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { raiseHorizons } from '../../../src/storage/horizons.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { uuidOf } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { costsOf, RANGE } from './support/costs.ts';

const range = { from: Date.parse(RANGE.from), to: Date.parse(RANGE.to) };
/** Calls at three hours of three days, so that cells of all grains are involved. */
const TIMES = ['19', '20', '21'].flatMap((day) =>
  ['T01:10:00Z', 'T01:10:30Z', 'T22:59:59.999Z'].map((time) => `2026-11-${day}${time}`),
);
const ACME = { provider: 'acme', model: 'large', latencyMs: 10, promptTokens: 1000, completionTokens: 100 };

const ASK = `query ($range: TimeRangeInput!) {
  cells: llmCallAnalytics(range: $range) {
    totals { count cost { sum count min max } savedCost { sum } } source { kind grain }
    series(grain: DAY) { points { stats { cost { sum } } } }
  }
  rows: llmCallAnalytics(range: $range, filter: { latencyMs: { gt: 0 } }) {
    totals { count cost { sum count min max } savedCost { sum } } source { kind }
  }
}`;

describeEachDatabase('recomputeCosts', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const { record, setPrice, recompute } = costsOf(() => graphql);
  const atAllTimes = (call: object) => TIMES.map((timestamp) => ({ ...call, timestamp }));
  const findings = async () => {
    const { checks } = await graphql.services.integrity.check({ mode: 'FULL' });
    return checks.flatMap((check) => (check.check === 'ORPHANS' ? [] : check.findings));
  };

  it('corrects calls and all their totals, but no costs that senders sent', async () => {
    await record('default', [
      ...atAllTimes({ ...ACME, sessionId: 'night' }),
      ...atAllTimes({ ...ACME, cost: 1, sessionId: 'night' }),
      ...atAllTimes({ ...ACME, model: 'small' }),
      { ...ACME, timestamp: '2026-11-22T00:00:00Z' },
    ]);
    await setPrice('default', { cachedInput: 1 });
    await setPrice('default', { input: 20, output: 100, validFrom: '2026-11-21T00:00:00Z' });
    const before = await graphql.data(ASK, { range: RANGE });
    // 6 × (1000 × 2 + 100 × 10), and 3 × ten times as much, in USD per million
    const asked = {
      calls: 9,
      changedCalls: 9,
      costBefore: 0,
      costAfter: 0.108,
      unknownBefore: 9,
      unknownAfter: 0,
    };
    const found = { ...asked, status: 'DONE', keptBefore: null };
    const which = { provider: 'acme', model: 'large', reason: 'The contract of November' };
    expect(await recompute('default', { ...which, dryRun: true })).toEqual(found);
    expect(await graphql.data(ASK, { range: RANGE })).toEqual(before);
    expect(await recompute('default', which)).toEqual(found);

    const totals = { count: 27, cost: { sum: 9.108, count: 18, min: 0.003, max: 1 }, savedCost: { sum: 0 } };
    expect(await graphql.data(ASK, { range: RANGE })).toEqual({
      cells: {
        totals,
        source: { kind: 'ROLLUP', grain: 'DAY' },
        series: [{ points: [3.009, 3.009, 3.09].map((sum) => ({ stats: { cost: { sum } } })) }],
      },
      rows: { totals, source: { kind: 'RAW' } },
    });
    expect(await findings()).toEqual([]);
    const {
      llmCalls: later,
      session,
      costCorrections,
    } = await graphql.data(`{
      session(sessionId: "night") { llmCallCount unpricedLlmCallCount cost }
      llmCalls(first: 1) { nodes { cost costSource costProblem } }
      costCorrections(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { dryRun reason requestedBy rangeFrom changedCalls endedAt } }
    }`);
    expect(later.nodes).toEqual([{ cost: null, costSource: 'UNKNOWN', costProblem: 'NO_PRICE' }]);
    expect(session).toEqual({ llmCallCount: 18, unpricedLlmCallCount: 0, cost: 9.108 });
    const note = {
      reason: which.reason,
      requestedBy: null,
      rangeFrom: '2026-11-19T00:00:00.000Z',
      changedCalls: 9,
    };
    expect(costCorrections.nodes).toEqual(
      [true, false].map((dryRun) => ({ ...note, dryRun, endedAt: '2026-11-22T12:00:00.000Z' })),
    );
    // The second time there is nothing to change; calls of other projects are never checked.
    expect(await recompute('default', which)).toMatchObject({
      changedCalls: 0,
      costBefore: 0.108,
      costAfter: 0.108,
    });
    expect(await recompute('other')).toMatchObject({ calls: 0 });
    // Names are compared exactly, although prices ignore case.
    expect(await recompute('default', { provider: 'Acme' })).toMatchObject({ calls: 0 });
  });

  it('corrects what calls from the cache and cached prompts have saved', async () => {
    const cached = { ...ACME, cachedPromptTokens: 400 };
    await record('saved', [...atAllTimes(cached), ...atAllTimes({ ...cached, cached: true })]);
    await setPrice('saved', { cachedInput: 0.5 });
    // 9 × (600 × 2 + 400 × 0.5 + 100 × 10)
    expect(await recompute('saved')).toMatchObject({ calls: 18, costAfter: 0.0216, unknownAfter: 0 });
    const { rows, cells } = await graphql.data(ASK, { range: RANGE }, 'saved');
    // 9 × 400 × 1.5, and 9 calls that would have cost 1000 × 2 + 100 × 10
    expect(cells.totals).toMatchObject({ savedCost: { sum: 0.0324 }, cost: { sum: 0.0216 } });
    expect(rows.totals).toEqual(cells.totals);
  });

  it('does not change saved costs that a sender sent, unless their source is unknown', async () => {
    const fromCache = { ...ACME, cachedPromptTokens: 400, savedCost: 0.5, timestamp: TIMES[0] };
    const old = uuidOf(1);
    await record('told', [fromCache, { ...fromCache, id: old }, { ...fromCache, savedCost: null }]);
    const { store } = graphql.services;
    await store.query
      .updateTable('llm_calls')
      .set({ saved_cost_source: null })
      .where('project_id', '=', 'told')
      .where('id', '=', old)
      .execute();
    await setPrice('told', { cachedInput: 0.5 });
    expect(await recompute('told')).toMatchObject({ calls: 3, changedCalls: 3, costAfter: 3 * 0.0024 });
    const ask =
      '{ llmCalls(first: 9, orderBy: { field: SAVED_COST }) { nodes { savedCost savedCostSource } } }';
    const { llmCalls: stored } = await graphql.data(ask, {}, 'told');
    expect(stored.nodes).toEqual([
      { savedCost: 0.5, savedCostSource: 'REPORTED' },
      // 400 × 1.5 USD per million
      { savedCost: 0.0006, savedCostSource: 'COMPUTED' },
      { savedCost: 0.0006, savedCostSource: null },
    ]);
  });

  it('keeps the totals of days whose calls retention has removed, and names these days', async () => {
    await record('old', atAllTimes({ ...ACME, model: 'gpt-4o', provider: 'openai' }));
    const { store } = graphql.services;
    const day = (text: string) => Date.parse(`2026-11-${text}T00:00:00Z`);
    await store.exclusively((transaction) =>
      raiseHorizons(transaction, { projectId: 'old', dataset: llmCalls }, [
        { source: 'RAW', instant: day('20') },
      ]),
    );
    await store.query
      .deleteFrom('llm_calls')
      .where('project_id', '=', 'old')
      .where('timestamp', '<', store.functions.instant(day('20')))
      .execute();
    await setPrice('old', { provider: 'OpenAI', model: 'GPT-4o', input: 5, output: 20 });
    // From 1000 × 2.5 + 100 × 10 to twice as much
    expect(await recompute('old')).toMatchObject({
      ...{ calls: 6, changedCalls: 6, costBefore: 0.021, costAfter: 0.042 },
      keptBefore: '2026-11-20T00:00:00.000Z',
    });
    const { cells } = await graphql.data(ASK, { range: RANGE }, 'old');
    expect(
      cells.series[0].points.map(({ stats }: { stats: { cost: { sum: number } } }) => stats.cost.sum),
    ).toEqual([0.0105, 0.021, 0.021]);
  });

  it('keeps sums within the limits of storage', async () => {
    const dear = { ...ACME, sessionId: 'dear' };
    await record('dear', [...atAllTimes(dear), { ...dear, cost: 9e6, timestamp: TIMES[0] }]);
    const { store, clock, ids } = graphql.services;
    const completion = { priceCall: () => 8e15 };
    const held = { refresh: async () => undefined };
    const corrections = createCorrections({ store, clock, ids, completion, held, pageSize: 2 });
    const what = { provider: null, model: null, dryRun: false, reason: null, requestedBy: null };
    const id = await corrections.begin({ projectId: 'dear', range, ...what });
    await corrections.work({ projectId: 'dear', id }, () => true);
    const { costCorrections, session } = await graphql.data(
      '{ costCorrections { nodes { status costAfter } } session(sessionId: "dear") { llmCallCount cost } }',
      {},
      'dear',
    );
    const most = 9_000_000;
    expect(costCorrections.nodes).toEqual([{ status: 'DONE', costAfter: most }]);
    expect(session).toEqual({ llmCallCount: 10, cost: most });
  });

  it('continues where it was interrupted, beside calls that arrive meanwhile, and counts each call once', async () => {
    await record('ended', atAllTimes(ACME));
    await setPrice('ended', {});
    const { store, clock, ids } = graphql.services;
    const completion = { priceCall: () => 5 };
    const held = { refresh: async () => undefined };
    const corrections: Corrections = createCorrections({ store, clock, ids, completion, held, pageSize: 2 });
    const what = { provider: null, model: null, dryRun: false, reason: null, requestedBy: null };
    const id = await corrections.begin({ projectId: 'ended', range, ...what });
    await expect(corrections.begin({ projectId: 'ended', range, ...what })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    // A kill between any two batches, and two instances that work at the same time.
    const once = () => {
      let asked = 0;
      return () => asked++ < 1;
    };
    const key = { projectId: 'ended', id };
    for (let killed = 0; killed < 4; killed++) await corrections.work(key, once());
    expect(await corrections.underWay()).toEqual([key]);
    await record('ended', [
      { ...ACME, timestamp: TIMES[1], promptTokens: 2000 },
      { ...ACME, timestamp: TIMES[8], promptTokens: 2000 },
    ]);
    await Promise.all([corrections.work(key, () => true), corrections.work(key, () => true)]);
    expect(await corrections.underWay()).toEqual([]);
    const stored = await store.prisma.costCorrection.findUniqueOrThrow({ where: { projectId_id: key } });
    // Each call cost 0.003, the late one 0.005. Calls that arrive behind the correction keep it.
    expect(stored).toMatchObject({ status: 'DONE', calls: 10n, changedCalls: 10n, costAfterNanoUsd: 50n });
    const { rows, cells } = await graphql.data(ASK, { range: RANGE }, 'ended');
    expect(rows.totals).toMatchObject({ count: 11, cost: { sum: 0.00500005 } });
    expect(cells.totals).toEqual(rows.totals);
    expect(await findings()).toEqual([]);
  });

  it('rebuilds a day once more if another instance changed it during the rebuild', async () => {
    await record('beside', atAllTimes(ACME));
    await setPrice('beside', {});
    const { store, clock, ids } = graphql.services;
    const held = { refresh: async () => undefined };
    const options = { store, clock, ids, completion: { priceCall: () => 5 }, held, pageSize: 3 };
    const other = createCorrections(options);
    let rebuilt = 0;
    const costCorrection = {
      findUnique: store.prisma.costCorrection.findUnique,
      async updateMany(asked: Parameters<typeof store.prisma.costCorrection.updateMany>[0]) {
        if (asked?.data.changedDay === null && rebuilt++ === 0) {
          await record('beside', [{ ...ACME, timestamp: '2026-11-19T23:30:00Z' }]);
          let portions = 0;
          await other.work(key, () => portions++ < 1);
        }
        return store.prisma.costCorrection.updateMany(asked);
      },
    };
    const prisma = { costCorrection } as unknown as typeof store.prisma;
    const corrections = createCorrections({ ...options, store: { ...store, prisma } });
    const what = { provider: null, model: null, dryRun: false, reason: null, requestedBy: null };
    const key = { projectId: 'beside', id: await other.begin({ projectId: 'beside', range, ...what }) };
    await corrections.work(key, () => true);
    // The first of the three days is rebuilt twice.
    expect(rebuilt).toBe(4);
    const { rows, cells } = await graphql.data(ASK, { range: RANGE }, 'beside');
    expect(rows.totals).toMatchObject({ count: 10, cost: { sum: 0.00000005 } });
    expect(cells.totals).toEqual(rows.totals);
  });

  it('finds calls of a rare model in batches, even among many with the same time', async () => {
    const common = { ...ACME, model: 'small' };
    await record('rare', [
      ...[common, common, common].flatMap(atAllTimes),
      ...[TIMES[1], TIMES[7]].map((timestamp) => ({ ...ACME, timestamp })),
    ]);
    const { store, clock, ids } = graphql.services;
    const held = { refresh: async () => undefined };
    const completion = { priceCall: () => 5 };
    const corrections = createCorrections({ store, clock, ids, completion, held, maxScanned: 2 });
    const what = { provider: 'acme', model: 'large', dryRun: false, reason: null, requestedBy: null };
    const key = { projectId: 'rare', id: await corrections.begin({ projectId: 'rare', range, ...what }) };
    let portions = 0;
    await corrections.work(key, () => portions++ < 40);
    // About one for each time, for each changed day, and for the end.
    expect(portions).toBeGreaterThan(TIMES.length);
    expect(portions).toBeLessThan(2 * TIMES.length);
    const stored = await store.prisma.costCorrection.findUniqueOrThrow({ where: { projectId_id: key } });
    expect(stored).toMatchObject({ status: 'DONE', calls: 2n, changedCalls: 2n, costAfterNanoUsd: 10n });
    expect(await findings()).toEqual([]);
  });

  it('runs before retention, so that expiring calls get the requested costs', async () => {
    await record('expires', atAllTimes(ACME));
    await setPrice('expires', {});
    const { corrections, retention } = graphql.services;
    const what = { provider: null, model: null, dryRun: false, reason: null, requestedBy: null };
    const id = await corrections.begin({ projectId: 'expires', range, ...what });
    graphql.clock.advance(92 * DAY_MS);
    const rows = async () => {
      await retention.run();
      const stored = await graphql.services.store.query
        .selectFrom('llm_calls')
        .select('id')
        .where('project_id', '=', 'expires')
        .execute();
      return stored.length;
    };
    expect(await rows()).toBe(TIMES.length);
    await corrections.work({ projectId: 'expires', id }, () => true);
    expect(await rows()).toBe(0);
    const { cells } = await graphql.data(ASK, { range: RANGE }, 'expires');
    expect(cells.totals.cost).toMatchObject({ count: 9, sum: 0.027 });
  });
});

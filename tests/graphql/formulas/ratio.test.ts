import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { gitCommit, llmCall, RECORD_ACTIVITY } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { COMMITS, COST, source } from './support/ratios.ts';

const call = (agentId: string | null, timestamp: string, fields: object) =>
  llmCall({ agentId, timestamp: `2026-11-${timestamp}:00Z`, ...fields });
const committed = (agentId: string, number: number, timestamp: string, branch = 'main') =>
  gitCommit(number, { agentId, branch, timestamp: `2026-11-${timestamp}:00Z` });

/**
 * Ann spends 2 + 4 USD for 3 commits, Bo spends 3 and commits a draft, Cy makes 1 commit, and 1 USD
 * has no agent.
 */
const WORK = {
  llmCalls: [
    call('ann', '21T10:00', { cost: 2, latencyMs: 100 }),
    call('ann', '22T10:00', { cost: 4, latencyMs: 300 }),
    call('ann', '22T10:30', {
      provider: 'in-house',
      model: 'unpriced',
      latencyMs: 200,
      errorType: 'timeout',
    }),
    call('bo', '21T11:00', { cost: 3, latencyMs: 50 }),
    call(null, '22T11:00', { cost: 1, latencyMs: 50 }),
  ],
  gitCommits: [
    committed('ann', 1, '21T12:00'),
    committed('ann', 2, '22T09:00'),
    committed('ann', 3, '22T11:30'),
    committed('cy', 4, '22T08:00'),
    committed('bo', 5, '22T08:00', 'draft'),
  ],
};

const ANN = { dimensions: { agentId: 'ann' }, value: 2, numerator: 6, denominator: 3 };
const BO = { dimensions: { agentId: 'bo' }, value: null, numerator: 3, denominator: 0 };
const CY = { dimensions: { agentId: 'cy' }, value: 0, numerator: 0, denominator: 1 };
const NOBODY = { dimensions: { agentId: null }, value: null, numerator: 1, denominator: 0 };

describeEachDatabase('ratio', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordActivity } = await graphql.data(RECORD_ACTIVITY, { input: WORK });
    expect(recordActivity.rejected).toEqual([]);
    // A separate project, so that events of others do not count.
    await graphql.data(RECORD_ACTIVITY, { input: { llmCalls: [llmCall({ cost: 1000 })] } }, 'other');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (...args: Parameters<typeof source>) => (await graphql.data(source(...args))).ratio;

  it('divides a number of one dataset by a number of another', async () => {
    expect(await ask('value numerator denominator range { from to } source { rowsRead }')).toEqual({
      value: 10 / 4,
      numerator: 10,
      denominator: 4,
      range: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
      source: { rowsRead: expect.any(Number) },
    });
  });

  it.each([
    [
      'the share of failed calls',
      '{ llmCalls: { filter: { success: { eq: false } } } }',
      '{ llmCalls: {} }',
      1,
      5,
    ],
    // Only Ann and Bo, because calls without an agent do not count.
    ['distinct values', COST, '{ llmCalls: { distinct: AGENT_ID } }', 10, 2],
    [
      'distinct values of a dimension without values',
      '{ errorLogs: { distinct: FINGERPRINT } }',
      '{ llmCalls: {} }',
      0,
      5,
    ],
    ['a mean', '{ llmCalls: { measure: COST, aggregate: AVG } }', '{ llmCalls: {} }', 10 / 4, 5],
    [
      'extremes',
      '{ llmCalls: { measure: LATENCY_MS, aggregate: MAX } }',
      '{ llmCalls: { measure: LATENCY_MS, aggregate: MIN } }',
      300,
      50,
    ],
    // Of 50, 50, 100, 200 and 300, the 95th percentile is 200 + 0.8 * 100.
    [
      'a percentile',
      '{ llmCalls: { measure: LATENCY_MS, aggregate: P95, filter: { cached: { eq: false } } } }',
      '{ llmCalls: {} }',
      280,
      5,
    ],
  ])('of %s, within one dataset', async (_, numerator, denominator, top, bottom) => {
    const { ratio } = await graphql.data(source('value numerator denominator', numerator, denominator));
    const within1Percent = (wanted: number) => expect.closeTo(wanted, wanted === 280 ? -1 : 9);
    expect(ratio).toEqual({
      value: expect.closeTo(top / bottom, top === 280 ? 0 : 9),
      numerator: within1Percent(top),
      denominator: bottom,
    });
  });

  it('is null if the denominator is 0, or a side is unknown', async () => {
    expect(await ask('value numerator denominator', COST, '{ errorLogs: {} }')).toEqual({
      value: null,
      numerator: 10,
      denominator: 0,
    });
    const unpriced = '{ llmCalls: { measure: COST, filter: { model: { eq: "unpriced" } } } }';
    expect(await ask('value numerator denominator', unpriced)).toEqual({
      value: null,
      numerator: null,
      denominator: 4,
    });
  });

  describe('groups', () => {
    const groups = async (args: string, selection = 'dimensions { agentId }') =>
      (await ask(`groups${args} { ${selection} value numerator denominator }`)).groups;

    it('are matched by the dimensions of both sides, including groups of only one side', async () => {
      expect(await groups('')).toEqual([ANN, BO, NOBODY, CY]);
    });

    it('count distinct values in each, and none where one side has nothing', async () => {
      const selection =
        'groups { dimensions { agentId } denominator } series(grain: DAY) { points { denominator } }';
      const found = await ask(selection, COMMITS, '{ llmCalls: { distinct: PROVIDER } }');
      expect(found.groups).toEqual([
        { dimensions: { agentId: 'ann' }, denominator: 2 },
        { dimensions: { agentId: 'cy' }, denominator: 0 },
        { dimensions: { agentId: 'bo' }, denominator: 1 },
        { dimensions: { agentId: null }, denominator: 1 },
      ]);
      expect(found.series[0].points).toEqual([{ denominator: 1 }, { denominator: 2 }]);
    });

    it.each([
      ['(orderBy: { field: DENOMINATOR })', [ANN, CY, BO, NOBODY]],
      ['(orderBy: { field: DENOMINATOR }, first: 1)', [ANN]],
      ['(orderBy: { field: DENOMINATOR, direction: ASC }, first: 3)', [CY, ANN, NOBODY]],
      ['(orderBy: { field: NUMERATOR, direction: ASC }, first: 2)', [NOBODY, BO]],
      ['(orderBy: { field: VALUE })', [ANN, CY, BO, NOBODY]],
      ['(orderBy: { field: VALUE, direction: ASC }, first: 2)', [CY, ANN]],
    ])('are sorted %s', async (args, wanted) => {
      expect(await groups(args)).toEqual(wanted);
    });

    it('are one without dimensions', async () => {
      expect(await groups('', '')).toEqual([{ value: 2.5, numerator: 10, denominator: 4 }]);
    });
  });

  describe('series', () => {
    const DAYS = [
      ['2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
      ['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ] as const;
    const points = (...numbers: readonly (readonly [number | null, number, number])[]) =>
      numbers.map(([value, numerator, denominator], day) => ({
        start: DAYS[day]?.[0],
        end: DAYS[day]?.[1],
        ...{ value, numerator, denominator },
      }));
    const POINTS = 'points { start end value numerator denominator }';

    it('divide bucket by bucket', async () => {
      const { series } = await ask(`series(grain: DAY) { ${POINTS} }`);
      expect(series).toEqual([{ points: points([5, 5, 1], [5 / 3, 5, 3]) }]);
    });

    it('divide bucket by bucket for the first groups', async () => {
      const { series } = await ask(`series(grain: DAY, top: 2) { dimensions { agentId } ${POINTS} }`);
      expect(series).toEqual([
        { dimensions: { agentId: 'ann' }, points: points([2, 2, 1], [2, 4, 2]) },
        { dimensions: { agentId: 'bo' }, points: points([null, 3, 0], [null, 0, 0]) },
      ]);
    });

    it('have the buckets of a time zone', async () => {
      const { series } = await ask('series(grain: DAY, timeZone: "Asia/Kolkata") { points { start value } }');
      expect(series[0].points.map(({ start }: { start: string }) => start)).toEqual([
        '2026-11-20T18:30:00.000Z',
        '2026-11-21T18:30:00.000Z',
        '2026-11-22T18:30:00.000Z',
      ]);
    });
  });

  it('compares with the range a calendar period earlier', async () => {
    const range = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';
    const before = '{ llmCalls: { measure: COST, earlier: DAY } }';
    const { ratio } =
      await graphql.data(`{ ratio(range: ${range}, numerator: ${COST}, denominator: ${before}) {
      value numerator denominator groups { dimensions { agentId } value numerator denominator }
    } }`);
    expect(ratio).toEqual({
      ...{ value: 1, numerator: 5, denominator: 5 },
      groups: [
        { dimensions: { agentId: 'ann' }, value: 2, numerator: 4, denominator: 2 },
        { dimensions: { agentId: null }, value: null, numerator: 1, denominator: 0 },
        { dimensions: { agentId: 'bo' }, value: 0, numerator: 0, denominator: 3 },
      ],
    });
  });

  it('shows a read token only its rows, and no other dataset', async () => {
    const bo: Caller = {
      ...callerOf('default', []),
      rows: new Map([['llmCalls', isOneOf('agentId', ['bo'])]]),
    };
    const ratio = source('value numerator denominator groups { numerator }', COST, '{ llmCalls: {} }');
    expect((await graphql.data(ratio, {}, bo)).ratio).toEqual({
      ...{ value: 3, numerator: 3, denominator: 1 },
      groups: [{ numerator: 3 }],
    });
    const { errors, data } = await graphql.run(source('value'), {}, bo);
    expect(data).toEqual({ ratio: { value: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

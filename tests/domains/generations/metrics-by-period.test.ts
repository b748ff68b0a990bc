import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { generation, llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted rejected { message } } }';
const OF_GENERATIONS =
  'generations generationSuccessRate averageDurationMs p95DurationMs generationCost generationTokens';
const OF_CALLS = 'calls callSuccessRate averageLatencyMs callCost callTokens';
const OCTOBER = 'range: { from: "2026-10-23T00:00:00Z", to: "2026-10-28T00:00:00Z" }';

const ACTIVITY = {
  generations: [
    { timestamp: '2026-10-23T10:00:00Z', durationMs: 100, cost: 0.01, totalTokens: 10 },
    { timestamp: '2026-10-23T11:00:00Z', durationMs: 300, errorType: 'timeout', provider: 'anthropic' },
    // In Berlin, this is still the 24th, the day before the clocks go back.
    { timestamp: '2026-10-24T21:30:00Z', durationMs: 200 },
    // The 25th in Berlin, and the 24th in UTC.
    { timestamp: '2026-10-24T22:30:00Z', durationMs: 400, cost: 0.02 },
    // In Berlin, this is still the 25th, which has 25 hours.
    { timestamp: '2026-10-25T22:30:00Z', durationMs: 500, cost: 0.03 },
    { timestamp: '2026-10-28T00:00:00Z', durationMs: 9000 },
  ].map((fields, index) => generation(`g-${index}`, fields)),
  llmCalls: [
    { timestamp: '2026-10-23T10:00:00Z', latencyMs: 100, cost: 0.5, promptTokens: 3, completionTokens: 4 },
    { timestamp: '2026-10-27T10:00:00Z', latencyMs: 50, provider: 'anthropic', model: '?', errorType: 'x' },
  ].map(llmCall),
};

describeEachDatabase('metricsByPeriod', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordActivity } = await graphql.data(RECORD, { input: ACTIVITY });
    expect(recordActivity).toEqual({ accepted: 8, rejected: [] });
    await graphql.data(
      RECORD,
      { input: { generations: ACTIVITY.generations.slice(0, 1) } },
      'another-project',
    );
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (args: string, fields: string, projectId?: string) =>
    (await graphql.data(`{ metricsByPeriod(${args}) { ${fields} } }`, {}, projectId)).metricsByPeriod;

  const NO_CALLS = { calls: 0, callSuccessRate: null, averageLatencyMs: null, callCost: 0, callTokens: 0 };
  const NO_GENERATIONS = {
    generations: 0,
    generationSuccessRate: null,
    averageDurationMs: null,
    p95DurationMs: null,
    generationCost: 0,
    generationTokens: 0,
  };

  it('gives the generations and calls of every day of the range, including empty days', async () => {
    expect(await ask(`period: DAY, ${OCTOBER}`, `start end ${OF_GENERATIONS} ${OF_CALLS}`)).toEqual([
      {
        start: '2026-10-23T00:00:00.000Z',
        end: '2026-10-24T00:00:00.000Z',
        generations: 2,
        generationSuccessRate: 0.5,
        averageDurationMs: 200,
        p95DurationMs: expect.closeTo(290, -1.3),
        generationCost: 0.01,
        generationTokens: 10,
        calls: 1,
        callSuccessRate: 1,
        averageLatencyMs: 100,
        callCost: 0.5,
        callTokens: 7,
      },
      {
        start: '2026-10-24T00:00:00.000Z',
        end: '2026-10-25T00:00:00.000Z',
        generations: 2,
        generationSuccessRate: 1,
        averageDurationMs: 300,
        p95DurationMs: expect.closeTo(390, -1.3),
        generationCost: 0.02,
        generationTokens: null,
        ...NO_CALLS,
      },
      {
        start: '2026-10-25T00:00:00.000Z',
        end: '2026-10-26T00:00:00.000Z',
        generations: 1,
        generationSuccessRate: 1,
        averageDurationMs: 500,
        p95DurationMs: expect.closeTo(500, -1),
        generationCost: 0.03,
        generationTokens: null,
        ...NO_CALLS,
      },
      {
        start: '2026-10-26T00:00:00.000Z',
        end: '2026-10-27T00:00:00.000Z',
        ...NO_GENERATIONS,
        ...NO_CALLS,
      },
      {
        start: '2026-10-27T00:00:00.000Z',
        end: '2026-10-28T00:00:00.000Z',
        ...NO_GENERATIONS,
        calls: 1,
        callSuccessRate: 0,
        averageLatencyMs: 50,
        callCost: null,
        callTokens: 0,
      },
    ]);
  });

  it('follows the calendar of a time zone, and counts only the range in the first and the last period', async () => {
    const periods = await ask(
      `period: DAY, ${OCTOBER}, timeZone: "Europe/Berlin"`,
      'start end generations averageDurationMs calls',
    );
    expect(
      periods.map(({ start, generations, calls }: Record<string, unknown>) => [start, generations, calls]),
    ).toEqual([
      ['2026-10-22T22:00:00.000Z', 2, 1],
      ['2026-10-23T22:00:00.000Z', 1, 0],
      ['2026-10-24T22:00:00.000Z', 2, 0],
      ['2026-10-25T23:00:00.000Z', 0, 0],
      ['2026-10-26T23:00:00.000Z', 0, 1],
      ['2026-10-27T23:00:00.000Z', 0, 0],
    ]);
    // The generation right after the range is within the last period, but is not counted.
    expect(periods.at(-1)).toMatchObject({ end: '2026-10-28T23:00:00.000Z', averageDurationMs: null });
  });

  it('gives weeks that begin on Monday', async () => {
    expect(await ask(`period: WEEK, ${OCTOBER}`, 'start end generations calls')).toEqual([
      { start: '2026-10-19T00:00:00.000Z', end: '2026-10-26T00:00:00.000Z', generations: 5, calls: 1 },
      { start: '2026-10-26T00:00:00.000Z', end: '2026-11-02T00:00:00.000Z', generations: 0, calls: 1 },
    ]);
  });

  it('gives months of any length', async () => {
    const range = 'range: { from: "2026-09-15T00:00:00Z", to: "2026-11-02T00:00:00Z" }';
    expect(
      await ask(`period: MONTH, ${range}, timeZone: "Asia/Kolkata"`, 'start end generations generationCost'),
    ).toEqual([
      {
        start: '2026-08-31T18:30:00.000Z',
        end: '2026-09-30T18:30:00.000Z',
        generations: 0,
        generationCost: 0,
      },
      {
        start: '2026-09-30T18:30:00.000Z',
        end: '2026-10-31T18:30:00.000Z',
        generations: 6,
        generationCost: expect.closeTo(0.06, 9),
      },
      {
        start: '2026-10-31T18:30:00.000Z',
        end: '2026-11-30T18:30:00.000Z',
        generations: 0,
        generationCost: 0,
      },
    ]);
  });

  it('can be restricted to one provider', async () => {
    const fields = 'generations generationSuccessRate generationCost calls';
    const ofProvider = async (provider: string) =>
      (await ask(`period: WEEK, ${OCTOBER}, provider: "${provider}"`, fields))[0];
    expect(await ofProvider('anthropic')).toEqual({
      generations: 1,
      generationSuccessRate: 0,
      generationCost: null,
      calls: 0,
    });
    expect(await ofProvider('openai')).toMatchObject({ generations: 4, calls: 1 });
    expect(await ofProvider('nobody')).toMatchObject({ generations: 0, calls: 0 });
  });

  it('reads rollups if they can answer', async () => {
    const { generationAnalytics } = await graphql.data(
      `{ generationAnalytics(${OCTOBER}, filter: { provider: { eq: "openai" } }) { totals { count } source { kind } } }`,
    );
    expect(generationAnalytics).toEqual({ totals: { count: 4 }, source: { kind: 'ROLLUP' } });
  });

  it('queries only selected fields', async () => {
    const statements = (fields: string) =>
      graphql.countStatements(() => ask(`period: DAY, ${OCTOBER}`, fields));
    expect(await statements('start end')).toBe(0);
    const one = await statements('generations');
    expect(one).toBeGreaterThan(0);
    expect(await statements(OF_GENERATIONS)).toBe(one);
    expect(await statements(`calls ${OF_GENERATIONS}`)).toBe(2 * one);
  });

  it('stays within the project', async () => {
    const periods = await ask(`period: WEEK, ${OCTOBER}`, 'generations calls', 'another-project');
    expect(periods).toEqual([
      { generations: 1, calls: 0 },
      { generations: 0, calls: 0 },
    ]);
  });

  describe('refuses', () => {
    it.each([
      [
        'more than 1,000 periods',
        'period: DAY, range: { from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }',
        'period',
        /about 2192 points at grain DAY, and at most 1000.*WEEK/,
      ],
      [
        'a reversed range',
        'period: DAY, range: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }',
        'range.to',
        /after/,
      ],
      ['U+0000', `period: DAY, ${OCTOBER}, provider: "a\\u0000"`, 'provider', /U\+0000/],
      ['an unknown zone', `period: DAY, ${OCTOBER}, timeZone: "Mars/Olympus"`, 'timeZone', /IANA/],
    ])('%s', async (_case, args, argument, message) => {
      const { errors } = await graphql.run(`{ metricsByPeriod(${args}) { start generations } }`);
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(message),
          extensions: { code: 'BAD_USER_INPUT', argument },
        },
      ]);
    });

    it('accepts 1,000 periods', async () => {
      const range = 'range: { from: "2024-01-01T00:00:00Z", to: "2026-09-27T00:00:00Z" }';
      expect(await ask(`period: DAY, ${range}`, 'start generations')).toHaveLength(1000);
    });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RANGE = '{ from: "2026-11-22T09:00:00Z", to: "2026-11-22T12:00:00Z" }';
const LAST_HOUR = '{ from: "2026-11-22T11:00:00Z", to: "2026-11-22T12:00:00Z" }';

/** An hour, and the time to the first token of a call in it. */
const TIMES: readonly (readonly [string, number | null])[] = [
  ['09', 0],
  ['09', 1],
  ['09', 10],
  ['10', 100],
  ['10', null],
  ['11', 1000],
  ['11', 1000],
];

describeEachDatabase('the distribution of a measure', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const times = TIMES.map(([hour, timeToFirstTokenMs]) =>
      llmCall({ timestamp: `2026-11-22T${hour}:30:00Z`, timeToFirstTokenMs, latencyMs: 1e6, cost: 0 }),
    );
    // This event is before the range of the others.
    const costs = [0.001, 0.01, 0.02, 0.05, 0.06].map((cost) =>
      llmCall({ timestamp: '2026-11-22T08:30:00Z', latencyMs: 0.29, cost }),
    );
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: [...times, ...costs],
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function ask(field: string, range = RANGE, filter = '{}') {
    const query = `{ llmCallAnalytics(range: ${range}, filter: ${filter}) { ${field} source { kind } } }`;
    return (await graphql.data(query)).llmCallAnalytics;
  }

  async function histogram(args: string, range = RANGE, filter = '{}') {
    const field = `histogram(${args}) { count underflow overflow buckets { from to count } }`;
    const found = (await ask(field, range, filter)).histogram;
    const buckets = found.buckets.map((bucket: Record<string, number>) => Object.values(bucket));
    return { ...found, buckets };
  }

  it('has buckets of equal width between the smallest and the largest value', async () => {
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, buckets: 4')).toEqual({
      ...{ count: 6, underflow: 0, overflow: 0 },
      buckets: [
        [0, 250, 4],
        [250, 500, 0],
        [500, 750, 0],
        [750, 1000, 2],
      ],
    });
  });

  it('counts values beyond the given bounds, and the upper bound in the last bucket', async () => {
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, buckets: 3, from: 1, to: 100')).toEqual({
      ...{ count: 6, underflow: 1, overflow: 2 },
      buckets: [
        [1, 34, 2],
        [34, 67, 0],
        [67, 100, 1],
      ],
    });
  });

  it('has buckets that grow by a factor with LOG, and counts values that are not above 0 below the buckets', async () => {
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, buckets: 3, scale: LOG')).toEqual({
      ...{ count: 6, underflow: 1, overflow: 0 },
      buckets: [
        [1, 10, 1],
        [10, 100, 1],
        [100, 1000, 3],
      ],
    });
    const zero = '{ timeToFirstTokenMs: { eq: 0 } }';
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, scale: LOG', RANGE, zero)).toEqual({
      ...{ count: 1, underflow: 1, overflow: 0, buckets: [] },
    });
  });

  it('has one bucket if all values are the same, and none without values', async () => {
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS', LAST_HOUR)).toMatchObject({
      buckets: [[1000, 1000, 2]],
    });
    const none = '{ model: { eq: "none" } }';
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS', RANGE, none)).toEqual({
      ...{ count: 0, underflow: 0, overflow: 0, buckets: [] },
    });
    expect(
      await histogram('measure: TIME_TO_FIRST_TOKEN_MS, buckets: 2, from: 0, to: 10', RANGE, none),
    ).toMatchObject({
      buckets: [
        [0, 5, 0],
        [5, 10, 0],
      ],
    });
  });

  it('has an empty bucket at a bound beyond all values', async () => {
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, from: 5000')).toEqual({
      ...{ count: 6, underflow: 6, overflow: 0, buckets: [[5000, 5000, 0]] },
    });
    expect(await histogram('measure: TIME_TO_FIRST_TOKEN_MS, to: 10', LAST_HOUR)).toEqual({
      ...{ count: 2, underflow: 0, overflow: 2, buckets: [[10, 10, 0]] },
    });
  });

  const EARLIER = '{ from: "2026-11-22T08:00:00Z", to: "2026-11-22T09:00:00Z" }';

  it('is in USD for money', async () => {
    expect(await histogram('measure: COST, buckets: 4, from: 0.01, to: 0.05', EARLIER)).toEqual({
      ...{ count: 5, underflow: 1, overflow: 1 },
      buckets: [
        [0.01, 0.02, 1],
        [0.02, 0.03, 1],
        [0.03, 0.04, 0],
        [0.04, 0.05, 1],
      ],
    });
  });

  it('counts a value at a bound in the bucket that begins there, although 0.29 * 100 is below 29', async () => {
    const { buckets } = await histogram('measure: LATENCY_MS, buckets: 100, from: 0, to: 1', EARLIER);
    expect(buckets.filter(([, , count]: number[]) => count !== 0)).toEqual([[0.29, 0.3, 5]]);
  });

  it('has the same buckets at all times in a heatmap', async () => {
    const { heatmap, source } = await ask(
      `heatmap(measure: TIME_TO_FIRST_TOKEN_MS, buckets: 3, scale: LOG, grain: HOUR) {
        buckets { from to } points { start end count underflow overflow counts }
      }`,
    );
    expect(heatmap).toEqual({
      buckets: [
        { from: 1, to: 10 },
        { from: 10, to: 100 },
        { from: 100, to: 1000 },
      ],
      points: [
        { ...hour('09', '10'), ...{ count: 3, underflow: 1, overflow: 0, counts: [1, 1, 0] } },
        { ...hour('10', '11'), ...{ count: 1, underflow: 0, overflow: 0, counts: [0, 0, 1] } },
        { ...hour('11', '12'), ...{ count: 2, underflow: 0, overflow: 0, counts: [0, 0, 2] } },
      ],
    });
    // Cells contain the extremes, and rows the values.
    expect(source.kind).toBe('MIXED');
  });

  const hour = (start: string, end: string) => ({
    start: `2026-11-22T${start}:00:00.000Z`,
    end: `2026-11-22T${end}:00:00.000Z`,
  });

  it.each([
    ['buckets: 0', 'buckets'],
    ['buckets: 201', 'buckets'],
    ['from: 2, to: 2', 'to'],
    ['from: 0, scale: LOG', 'from'],
    ['to: -1, scale: LOG', 'to'],
  ])('refuses %s and says what is valid', async (args, argument) => {
    const field = `histogram(measure: COST, ${args}) { count }`;
    const { errors } = await graphql.run(`{ llmCallAnalytics(range: ${RANGE}) { ${field} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toMatch(/between 1 and 200|greater than|above 0/);
  });
});

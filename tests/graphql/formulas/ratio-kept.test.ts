import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall, RECORD_ACTIVITY, taskEvent } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const POLICY =
  'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }';
const RATIO = `query ($range: TimeRangeInput!, $grain: TimeGrain) {
  ratio(range: $range, numerator: { llmCalls: { measure: COST } }, denominator: { taskEvents: {} }) {
    value numerator denominator
    groups { dimensions { service } numerator denominator }
    series(grain: $grain) { points { start numerator denominator } }
    range { from to }
    source { range { from } missing { from to } moved { asked answered } }
  }
}`;

/** A call of one dollar and a change of a task, at noon of each of these days of November. */
const DAYS = [10, 14, 18, 21];

describeEachDatabase('a ratio of datasets, one of which has expired', (database) => {
  let graphql: TestGraphQL;
  // Calls have rows since the 20th, hours since the 16th and days since the 12th. Changes of tasks
  // are complete.
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    for (const day of DAYS) {
      const timestamp = `2026-11-${day}T12:00:00.000Z`;
      graphql.clock.set(Date.parse(timestamp));
      const input = {
        llmCalls: [llmCall({ timestamp, cost: 1 })],
        taskEvents: [taskEvent('T1', { timestamp })],
      };
      await graphql.data(RECORD_ACTIVITY, { input });
    }
    graphql.clock.set(Date.parse('2026-11-22T12:00:00Z'));
    const days = { rowDays: 2, minuteDays: 2, hourDays: 6, dayDays: 10 };
    await graphql.data(POLICY, { input: { dataset: 'llmCalls', ...days } });
    await graphql.services.retention.run();
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = (from: string, grain: string, exact = false) =>
    graphql.run(RATIO, { range: { from, to: '2026-11-22T00:00:00Z', exact }, grain });

  it('covers the range that both have', async () => {
    const { data } = await ask('2026-11-09T00:00:00Z', 'WEEK');
    const since = '2026-11-12T00:00:00.000Z';
    expect(data.ratio).toEqual({
      ...{ value: 1, numerator: 3, denominator: 3 },
      groups: [{ dimensions: { service: null }, numerator: 3, denominator: 3 }],
      series: [
        {
          points: [
            { start: '2026-11-09T00:00:00.000Z', numerator: 1, denominator: 1 },
            { start: '2026-11-16T00:00:00.000Z', numerator: 2, denominator: 2 },
          ],
        },
      ],
      range: { from: since, to: '2026-11-22T00:00:00.000Z' },
      source: {
        range: { from: since },
        missing: [{ from: '2026-11-09T00:00:00.000Z', to: since }],
        moved: [],
      },
    });
  });

  it('begins where the cells of one begin, for both', async () => {
    // Between 12:00 and 24:00 of the 14th, the day counts on the side where most of it lies.
    const { data } = await ask('2026-11-14T18:00:00Z', 'WEEK');
    expect(data.ratio).toMatchObject({
      ...{ value: 1, numerator: 2, denominator: 2 },
      range: { from: '2026-11-15T00:00:00.000Z' },
      source: { moved: [{ asked: '2026-11-14T18:00:00.000Z', answered: '2026-11-15T00:00:00.000Z' }] },
    });
    const earlier = await ask('2026-11-14T11:00:00Z', 'WEEK');
    expect(earlier.data.ratio).toMatchObject({
      ...{ value: 1, numerator: 3, denominator: 3 },
      range: { from: '2026-11-14T00:00:00.000Z' },
    });
  });

  it('has buckets as long as the cells of the dataset that keeps less', async () => {
    const { data } = await ask('2026-11-18T00:00:00Z', 'FIFTEEN_MINUTES');
    const { points } = data.ratio.series[0];
    expect(points).toHaveLength(4 * 24);
    expect(points.filter(({ numerator }: { numerator: number }) => numerator > 0)).toEqual([
      { start: '2026-11-18T12:00:00.000Z', numerator: 1, denominator: 1 },
      { start: '2026-11-21T12:00:00.000Z', numerator: 1, denominator: 1 },
    ]);
  });

  it('has no numbers where one dataset has nothing', async () => {
    const { data } = await graphql.run(RATIO, {
      range: { from: '2026-11-10T00:00:00Z', to: '2026-11-11T00:00:00Z' },
    });
    expect(data.ratio).toMatchObject({
      ...{ value: null, numerator: null, denominator: null, groups: [], series: [] },
      source: { missing: [{ from: '2026-11-10T00:00:00.000Z', to: '2026-11-11T00:00:00.000Z' }] },
    });
  });

  it('is refused on request', async () => {
    const { errors } = await ask('2026-11-09T00:00:00Z', 'DAY', true);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'range' } });
  });
});

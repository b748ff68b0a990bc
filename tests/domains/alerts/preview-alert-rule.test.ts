import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const PREVIEW = /* GraphQL */ `
  query ($input: PreviewAlertRuleInput!, $range: TimeRangeInput!, $first: Int) {
    previewAlertRule(input: $input, range: $range) {
      range { from to }
      step
      evaluations
      groups
      groupsLeftOut
      firingCount
      firingTime
      firingShare
      firings(first: $first) {
        labels
        severity
        pendingSince
        firedAt
        resolvedAt
        resolution
        duration
        value
        threshold
        worst
      }
      source { kind grain reason }
    }
  }
`;

/** These tests run at noon on 2026-11-22. */
const at = (time: string): string => `2026-11-22T${time}:00.000Z`;
const FAILURES = {
  dataset: 'llmCalls',
  filter: { service: { eq: 'chat' } },
  aggregate: 'ERROR_RATE',
  comparator: 'GTE',
  warning: 0.5,
  critical: 1,
  window: 'PT5M',
};

describeEachDatabase('previewAlertRule', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const call = (minute: number, more: object) => ({
      timestamp: new Date(Date.parse(at('09:00')) + minute * 60_000).toISOString(),
      provider: 'openai',
      model: 'gpt-4o',
      service: 'chat',
      latencyMs: 100,
      cost: 0.5,
      endUser: minute % 2 === 0 ? 'ann' : 'bob',
      ...more,
    });
    // From 09:10 on, every call fails for ten minutes; those of another service never fail.
    const calls = Array.from({ length: 60 }, (_, minute) => [
      call(minute, { statusCode: minute >= 10 && minute < 20 ? 500 : 200 }),
      call(minute, { service: 'search', endUser: 'ann' }),
    ]).flat();
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: calls,
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const preview = async (input: object, range: object, more: object = {}) =>
    (await graphql.data(PREVIEW, { input, range, ...more })).previewAlertRule;

  test('reports when a rule would have fired and for how long, and stores nothing', async () => {
    expect(await preview(FAILURES, { from: at('09:00'), to: at('10:00') })).toEqual({
      range: { from: at('09:00'), to: at('10:00') },
      step: 'PT1M',
      evaluations: 60,
      groups: 1,
      groupsLeftOut: false,
      firingCount: 2,
      firingTime: 'PT10M',
      firingShare: 10 / 60,
      firings: [
        {
          labels: {},
          severity: 'WARNING',
          pendingSince: at('09:13'),
          firedAt: at('09:13'),
          resolvedAt: at('09:15'),
          resolution: 'ESCALATED',
          duration: 'PT2M',
          value: 0.6,
          threshold: 0.5,
          worst: 0.8,
        },
        {
          labels: {},
          severity: 'CRITICAL',
          pendingSince: at('09:15'),
          firedAt: at('09:15'),
          resolvedAt: at('09:23'),
          resolution: 'RECOVERED',
          duration: 'PT8M',
          value: 1,
          threshold: 1,
          worst: 1,
        },
      ],
      source: { kind: 'ROLLUP', grain: 'MINUTE', reason: 'MINUTE cells of service, environment' },
    });
    expect(await graphql.data('{ alerts { totalCount } alertRules { totalCount } }')).toEqual({
      alerts: { totalCount: 0 },
      alertRules: { totalCount: 0 },
    });
  });

  test('waits for as long as the rule says, and returns at most the requested number of firings', async () => {
    const range = { from: at('09:00'), to: at('10:00') };
    const patient = await preview({ ...FAILURES, critical: null, for: 'PT5M', name: 'Patient' }, range, {
      first: 1,
    });
    expect(patient.firings).toMatchObject([{ pendingSince: at('09:13'), firedAt: at('09:18') }]);
    const shown = await preview(FAILURES, range, { first: 1 });
    expect([shown.firings.length, shown.firingCount]).toEqual([1, 2]);
  });

  test('returns the measured values, and hides no breach where evaluations share a point', async () => {
    const measured = async (input: object, size: string) =>
      (
        await graphql.data(
          `query ($input: PreviewAlertRuleInput!) {
        previewAlertRule(input: $input, range: { from: "${at('09:00')}", to: "${at('10:00')}" }) {
          measured(${size}) { times groups { labels values } }
        }
      }`,
          { input },
        )
      ).previewAlertRule.measured;
    const all = await measured(FAILURES, 'points: 60');
    expect([all.times.length, all.times[0], all.times[59]]).toEqual([60, at('09:01'), at('10:00')]);
    expect(all.groups).toMatchObject([{ labels: {} }]);
    expect(all.groups[0].values.slice(9, 15)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    // Each point covers nine evaluations; the last one covers six.
    const few = await measured(FAILURES, 'points: 7');
    const ends = ['09:09', '09:18', '09:27', '09:36', '09:45', '09:54', '10:00'];
    expect(few).toEqual({ times: ends.map(at), groups: [{ labels: {}, values: [0, 1, 1, 0, 0, 0, 0] }] });
    const low = { ...FAILURES, comparator: 'LT', warning: 0.1, critical: null };
    expect((await measured(low, 'points: 4')).groups[0].values).toEqual([0, 0, 0, 0]);
    const groups = await measured(
      { ...FAILURES, groupBy: ['endUser'], aggregate: 'COUNT' },
      'points: 1, first: 1',
    );
    expect(groups.groups).toEqual([{ labels: { endUser: 'ann' }, values: [3] }]);
    const refused = await graphql.run(
      `query ($input: PreviewAlertRuleInput!) {
        previewAlertRule(input: $input, range: { last: "PT1H" }) { measured(points: 0) { times } }
      }`,
      { input: FAILURES },
    );
    expect(refused.errors).toMatchObject([{ extensions: { argument: 'points' } }]);
  });

  test('evaluates the cost of an end user over a rolling day from rows', async () => {
    const cost = {
      dataset: 'llmCalls',
      aggregate: 'SUM',
      measure: 'cost',
      groupBy: ['endUser'],
      comparator: 'GT',
      warning: 20,
      window: 'P1D',
      type: 'COST',
    };
    const found = await preview(cost, { from: '2026-11-20T00:00:00Z', to: '2026-11-24T00:00:00Z' });
    expect(found).toMatchObject({
      range: { from: '2026-11-20T00:00:00.000Z', to: at('12:00') },
      step: 'PT1H',
      evaluations: 60,
      groups: 2,
      firings: [
        { labels: { endUser: 'ann' }, firedAt: at('10:00'), resolvedAt: null, value: 45, threshold: 20 },
      ],
      source: { kind: 'RAW', reason: expect.stringContaining('no rollup keeps endUser') },
    });
  });

  describe('refuses', () => {
    test.each([
      ['a dataset that does not exist', { dataset: 'calls' }, 'input.dataset', /llmCalls/],
      ['an invalid filter', { filter: { colour: { eq: 'red' } } }, 'input.filter.colour', /colour/],
      ['a measure where none is allowed', { measure: 'cost' }, 'input.measure', /measure/],
      ['no measure where one is needed', { aggregate: 'SUM' }, 'input.measure', /latencyMs/],
      [
        'distinct values of a measure',
        { aggregate: 'COUNT_DISTINCT', measure: 'cost' },
        'input.measure',
        /no dimension "cost".*endUser/,
      ],
      [
        'distinct values without a dimension',
        { aggregate: 'COUNT_DISTINCT' },
        'input.measure',
        /endUser, .*tags.team/,
      ],
      ['a quantile without a measure', { quantile: 0.5 }, 'input.quantile', /QUANTILE/],
      ['no threshold', { warning: null, critical: null }, 'input.warning', /A rule needs/],
      ['a window that is too short', { window: 'PT1S' }, 'input.window', /window/],
      ['a dimension that does not exist', { groupBy: ['latencyMs'] }, 'input.groupBy.0', /latencyMs/],
    ])('%s', async (_, change, argument, message) => {
      const range = { last: 'PT1H' };
      const { errors } = await graphql.run(PREVIEW, { input: { ...FAILURES, ...change }, range });
      expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { argument } }]);
    });

    test.each([
      ['a range that is too long', { last: 'P400D' }, 'range', /at most P35D/],
      [
        'a range in the future',
        { from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z' },
        'range',
        /up to now/,
      ],
    ])('%s', async (_, range, argument, message) => {
      const { errors } = await graphql.run(PREVIEW, { input: FAILURES, range });
      expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { argument } }]);
    });

    test('more firings than the maximum', async () => {
      const { errors } = await graphql.run(PREVIEW, {
        input: FAILURES,
        range: { last: 'PT1H' },
        first: 1001,
      });
      expect(errors).toMatchObject([{ extensions: { argument: 'first' } }]);
    });
  });
});

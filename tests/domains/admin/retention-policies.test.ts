import { expect, it } from 'vitest';
import { datasets } from '../../../src/declarations/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const POLICIES =
  '{ retentionPolicies { dataset rowDays minuteDays hourDays dayDays source oldestRow rowsSince } }';
const SET = `mutation ($input: SetRetentionPolicyInput!) {
  setRetentionPolicy(input: $input) { retentionPolicy { dataset rowDays minuteDays hourDays dayDays source } }
}`;
const RESET = `mutation ($dataset: String!) {
  resetRetentionPolicy(input: { dataset: $dataset }) { retentionPolicy { dataset rowDays source } }
}`;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();

describeEachDatabase('retention policies', (database) => {
  const policyOf = async (graphql: TestGraphQL, projectId = 'default') => {
    const { retentionPolicies } = await graphql.data(POLICIES, {}, projectId);
    return retentionPolicies.find(({ dataset }: { dataset: string }) => dataset === 'llmCalls');
  };

  it('are the ones that the datasets declare', async () => {
    await using graphql = await startGraphQL(database);
    const { retentionPolicies } = await graphql.data(POLICIES);
    expect(retentionPolicies).toEqual(
      datasets.map(({ name, retention }) => ({
        dataset: name,
        rowDays: retention.rows,
        minuteDays: retention.MINUTE,
        hourDays: retention.HOUR,
        dayDays: retention.DAY,
        source: 'DECLARED',
        oldestRow: null,
        rowsSince: null,
      })),
    );
  });

  it('take the days for rows from RETENTION_DAYS', async () => {
    await using graphql = await startGraphQL(database, { environment: { RETENTION_DAYS: '30' } });
    expect(await policyOf(graphql)).toMatchObject({ rowDays: 30, minuteDays: 7, source: 'ENVIRONMENT' });
  });

  it('can be set in part, changed and reset, for each project separately', async () => {
    await using graphql = await startGraphQL(database);
    const set = async (input: object) =>
      (await graphql.data(SET, { input: { dataset: 'llmCalls', ...input } })).setRetentionPolicy
        .retentionPolicy;
    const first = { dataset: 'llmCalls', rowDays: 30, minuteDays: 7, hourDays: 400, dayDays: null };
    expect(await set({ rowDays: 30 })).toEqual({ ...first, source: 'OVERRIDE' });
    expect(await set({ dayDays: 1000, minuteDays: 14 })).toEqual({
      ...first,
      minuteDays: 14,
      dayDays: 1000,
      source: 'OVERRIDE',
    });
    expect(await set({ rowDays: null })).toMatchObject({ rowDays: null, minuteDays: 14 });
    expect(await policyOf(graphql)).toMatchObject({ rowDays: null, minuteDays: 14, source: 'OVERRIDE' });
    expect(await policyOf(graphql, 'another')).toMatchObject({ rowDays: 90, source: 'DECLARED' });
    for (let times = 0; times < 2; times++) {
      expect(await graphql.data(RESET, { dataset: 'llmCalls' })).toEqual({
        resetRetentionPolicy: { retentionPolicy: { dataset: 'llmCalls', rowDays: 90, source: 'DECLARED' } },
      });
    }
    expect(await policyOf(graphql)).toMatchObject({ minuteDays: 7, source: 'DECLARED' });
  });

  it.each([
    [{ dataset: 'calls' }, 'input.dataset', /no dataset "calls"\. There are: requestLogs, llmCalls/],
    [
      { dataset: 'llmCalls', rowDays: 0 },
      'input.rowDays',
      /rowDays must be a whole number of days from 1 to 36500/,
    ],
    [{ dataset: 'llmCalls', minuteDays: -5 }, 'input.minuteDays', /null to keep everything, not -5/],
    [
      { dataset: 'llmCalls', hourDays: 3 },
      'input.hourDays',
      /hourDays must be at least minuteDays, which is 7/,
    ],
    [
      { dataset: 'llmCalls', hourDays: null, dayDays: 9 },
      'input.dayDays',
      /at least hourDays, which is unlimited/,
    ],
  ])('refuse %j', async (input, argument, message) => {
    await using graphql = await startGraphQL(database);
    const { errors } = await graphql.run(SET, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toMatch(message);
    expect(await policyOf(graphql)).toMatchObject({ source: 'DECLARED' });
  });

  it('decide which ranges can be queried', async () => {
    await using graphql = await startGraphQL(database);
    for (const days of [9, 8, 2, 1]) {
      graphql.clock.set(Date.parse(daysAgo(days)));
      await graphql.data(RECORD, { input: [llmCall()] });
    }
    graphql.clock.set(Date.parse(NOW));
    await graphql.data(SET, { input: { dataset: 'llmCalls', rowDays: 2, minuteDays: 2, hourDays: 5 } });
    await graphql.services.retention.run();
    expect(await policyOf(graphql)).toMatchObject({
      oldestRow: daysAgo(2),
      rowsSince: '2026-11-20T00:00:00.000Z',
    });
    const count = (range: string) =>
      graphql.run(`{ llmCallAnalytics(range: ${range}) { totals { count } source { kind } } }`);
    expect(await count('{ from: "2026-11-13T00:00:00Z" }')).toMatchObject({
      data: { llmCallAnalytics: { totals: { count: 4 } } },
    });
    expect(await count('{ last: "P2D" }')).toMatchObject({
      data: { llmCallAnalytics: { totals: { count: 2 } } },
    });
    const { data } = await graphql.run(
      `{ llmCallAnalytics(range: { last: "PT190H" }) {
        range { from } totals { count } source { moved { asked answered } missing { from } }
      } }`,
    );
    const asked = new Date(Date.parse(NOW) - 190 * 3_600_000).toISOString();
    const answered = '2026-11-15T00:00:00.000Z';
    expect(data.llmCallAnalytics).toEqual({
      range: { from: answered },
      totals: { count: 2 },
      source: { moved: [{ asked, answered }], missing: [] },
    });
    const { errors } = await count('{ last: "PT190H", exact: true }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'range' } }]);
    expect(errors?.[0]?.message).toMatch(
      'Rows before 2026-11-20T00:00:00.000Z have expired; DAY is the finest grain available there. ' +
        'Start and end the range and its buckets at a full UTC day, for example from 2026-11-15T00:00:00.000Z on.',
    );
    expect((await graphql.data('{ llmCalls { totalCount } }')).llmCalls.totalCount).toBe(2);
  });
});

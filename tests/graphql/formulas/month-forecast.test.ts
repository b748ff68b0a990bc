import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { rejected { message } } }';
const POLICY =
  'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }';
const forecast = (args: string) => `{ monthForecast(${args}) {
  month { from to } soFar forecast low high learnedFrom { from to } aboveBudget budgetReachedOn source { missing { from to } }
} }`;

describeEachDatabase('monthForecast', (database) => {
  let graphql: TestGraphQL;
  // One call of one dollar at noon of each day from 1 October on. Now is midnight of Friday, 20
  // November.
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const calls = Array.from({ length: 50 }, (_, day) =>
      llmCall({
        ...{ cost: 1, endUser: day % 2 === 0 ? 'ann' : 'bo' },
        timestamp: new Date(Date.UTC(2026, 9, 1 + day, 12)),
      }),
    );
    // Retention keeps recently received events: the calls until 20 October arrived on that day.
    graphql.clock.set(Date.parse('2026-10-20T13:00:00Z'));
    await graphql.data(RECORD, { input: calls.slice(0, 20) });
    graphql.clock.set(Date.parse('2026-11-20T00:00:00Z'));
    await graphql.data(RECORD, { input: calls.slice(20) });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (args: string) => (await graphql.data(forecast(args))).monthForecast;
  const MONTH = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

  it('adds up the remaining days of the month', async () => {
    expect(await ask('of: { llmCalls: { measure: COST } }, budget: 25')).toEqual({
      ...{ month: MONTH, soFar: 19, forecast: 30, low: 30, high: 30 },
      learnedFrom: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
      ...{ aboveBudget: 5, budgetReachedOn: '2026-11-25T00:00:00.000Z' },
      source: { missing: [] },
    });
  });

  it('says when a budget was reached, or that it will not be', async () => {
    const calls = 'of: { llmCalls: {} }';
    expect(await ask(`${calls}, budget: 10`)).toMatchObject({ budgetReachedOn: '2026-11-10T00:00:00.000Z' });
    expect(await ask(`${calls}, budget: 31`)).toMatchObject({ aboveBudget: -1, budgetReachedOn: null });
    expect(await ask(calls)).toMatchObject({ forecast: 30, aboveBudget: null, budgetReachedOn: null });
  });

  it('gives nothing for a dataset without events', async () => {
    expect(await ask('of: { requestLogs: {} }, budget: 5')).toEqual({
      ...{ month: MONTH, soFar: 0, forecast: null, low: null, high: null, learnedFrom: null },
      ...{ aboveBudget: null, budgetReachedOn: null, source: { missing: [] } },
    });
  });

  it('shows a read token the forecast for its rows', async () => {
    const rows = new Map([['llmCalls', isOneOf('endUser', ['bo'])]]);
    const token = { ...callerOf('default', []), rows };
    const { data } = await graphql.run(forecast('of: { llmCalls: {} }'), {}, token);
    // Every second day from 2 October on; in November, the 1st, the 3rd and so on until the 19th.
    expect(data.monthForecast).toMatchObject({
      soFar: 10,
      learnedFrom: { from: '2026-10-02T00:00:00.000Z' },
    });
    const { errors } = await graphql.run(forecast('of: { requestLogs: {} }'), {}, token);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it.each([
    ['of: { llmCalls: { measure: COST, aggregate: AVG } }', 'of.llmCalls.aggregate'],
    ['of: { llmCalls: { distinct: END_USER } }', 'of.llmCalls.distinct'],
    ['of: { llmCalls: { earlier: MONTH } }', 'of.llmCalls.earlier'],
    ['of: { llmCalls: {} }, budget: -1', 'budget'],
  ])('refuses %s', async (args, argument) => {
    const { errors } = await graphql.run(forecast(args));
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument } });
  });

  it('learns from the days that are kept', async () => {
    const days = { rowDays: 30, minuteDays: 30, hourDays: 30, dayDays: 30 };
    await graphql.data(POLICY, { input: { dataset: 'llmCalls', ...days } });
    await graphql.services.retention.run();
    expect(await ask('of: { llmCalls: { measure: COST } }')).toMatchObject({
      ...{ soFar: 19, forecast: 30 },
      learnedFrom: { from: '2026-10-21T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
      source: { missing: [{ from: '2026-09-25T00:00:00.000Z', to: '2026-10-21T00:00:00.000Z' }] },
    });
  });
});

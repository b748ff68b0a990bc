import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { createSchema } from '../../../src/schema.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const HOUR_MS = 3_600_000;
const FROM = Date.parse('2026-11-10T00:00:00Z');
const DAYS = 10;

/**
 * 300 calls of 40 users over ten days. Every seventh call names no user, and some days have no
 * calls.
 */
const CALLS = Array.from({ length: 300 }, (_, number) => ({
  endUser: number % 7 === 0 ? null : `user-${(number * number) % 40}`,
  service: number % 2 === 0 ? 'shop' : 'pay',
  timestamp: FROM + ((number * 7_919) % (DAYS * 24)) * HOUR_MS + 60_000,
})).filter(({ timestamp }) => dayOf(timestamp) !== 4);

function dayOf(timestamp: number): number {
  return Math.floor((timestamp - FROM) / (24 * HOUR_MS));
}

function naiveDays(calls: readonly (typeof CALLS)[number][]) {
  const days = Array.from({ length: DAYS }, (_, day) => {
    const ofDay = calls.filter(({ endUser, timestamp }) => endUser !== null && dayOf(timestamp) === day);
    return new Set(ofDay.map(({ endUser }) => endUser));
  });
  return days.map((users, day) => {
    const before = days[day - 1];
    const returned = before ? [...users].filter((user) => before.has(user)).length : null;
    return { users: users.size, returned, returnRate: before?.size ? (returned ?? 0) / before.size : null };
  });
}

describeEachDatabase('users', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = CALLS.map(({ timestamp, ...call }) => llmCall({ ...call, timestamp: new Date(timestamp) }));
    await graphql.data(RECORD, { input });
    await graphql.data(RECORD, { input: [llmCall({ endUser: 'x', timestamp: new Date(FROM) })] }, 'other');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const range = `{ from: "2026-11-10T00:00:00Z", to: "2026-11-20T00:00:00Z" }`;
  const ask = async (filter = '', caller?: Parameters<TestGraphQL['data']>[2]) =>
    (
      await graphql.data(
        `{ llmCallAnalytics(range: ${range}${filter}) { users(grain: DAY) { users returned returnRate } } }`,
        {},
        caller,
      )
    ).llmCallAnalytics.users;

  it('are counted once per bucket, and again if they return in the next', async () => {
    const wanted = naiveDays(CALLS);
    expect(wanted[4]).toEqual({ users: 0, returned: 0, returnRate: 0 });
    expect(wanted[5]).toMatchObject({ returned: 0, returnRate: null });
    expect(await ask()).toEqual(wanted);
  });

  it('are counted among the events of the filter, and of the rows of a read token', async () => {
    const ofShop = naiveDays(CALLS.filter(({ service }) => service === 'shop'));
    expect(await ask(', filter: { service: { eq: "shop" } }')).toEqual(ofShop);
    const rows = new Map([['llmCalls', isOneOf('service', ['shop'])]]);
    expect(await ask('', { ...callerOf('default', []), rows })).toEqual(ofShop);
  });

  it('are found as values of any dimension, with the same result from rows and cells', async () => {
    const { store } = graphql.services;
    const scope = {
      ...{ dataset: llmCalls, projectId: 'default', filter: null },
      range: { from: FROM, to: FROM + DAYS * 24 * HOUR_MS },
    };
    const options = { grain: 'DAY', timeZone: 'Asia/Kolkata' } as const;
    const rows = await createAnalytics({ store, sources: 'RAW' }).presence(scope, 'service', options);
    const any = await graphql.services.analytics.presence(scope, 'service', options);
    expect([rows.source.kind, any.source.kind]).toEqual(['RAW', 'ROLLUP']);
    expect(any.value).toEqual(rows.value);
  });

  it('exist for datasets whose events name users', () => {
    const types = Object.values(createSchema().getTypeMap()).filter(
      (type) => 'getFields' in type && type.name.endsWith('Analytics') && 'users' in type.getFields(),
    );
    expect(types.map(({ name }) => name).sort()).toEqual(['GenerationAnalytics', 'LlmCallAnalytics']);
  });
});

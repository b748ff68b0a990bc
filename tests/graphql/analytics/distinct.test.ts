import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CALLS } from '../support/calls.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';

describeEachDatabase('the distinct values of a dimension', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const timestamp = '2026-11-22T11:00:00Z';
    await graphql.data('mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }', {
      input: {
        llmCalls: CALLS.map((call) => llmCall(call)),
        errorLogs: [errorLog({ timestamp, severity: 'WARNING' }), errorLog({ timestamp })],
      },
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function ask(args: string, filter = '{}') {
    const { llmCallAnalytics } = await graphql.data(
      `{ llmCallAnalytics(range: ${DAY}, filter: ${filter}) {
        distinct(${args}) { value count }
        source { kind }
      } }`,
    );
    const { distinct, source } = llmCallAnalytics;
    const values = distinct.map(({ value, count }: { value: unknown; count: number }) => [value, count]);
    return { values, kind: source.kind };
  }

  it('are listed with the most frequent first, equally frequent ones by value', async () => {
    const { values, kind } = await ask('dimension: MODEL');
    expect(values).toEqual([
      ['large', 2],
      ['medium', 2],
      ['small', 2],
      ['tiny', 1],
    ]);
    expect(kind).toBe('ROLLUP');
    expect((await ask('dimension: PROVIDER, first: 2')).values).toEqual([
      ['openai', 4],
      ['anthropic', 2],
    ]);
  });

  it('are those of the events that match the filter', async () => {
    const { values } = await ask('dimension: MODEL', '{ provider: { ne: "openai" } }');
    expect(values).toEqual([
      ['medium', 2],
      ['tiny', 1],
    ]);
  });

  it('can be searched for a text, with case and without wildcards', async () => {
    const find = async (text: string) => (await ask(`dimension: MODEL, contains: "${text}"`)).values;
    expect(await find('m')).toEqual([
      ['medium', 2],
      ['small', 2],
    ]);
    expect(await find('M')).toEqual([]);
    expect(await find('%')).toEqual([]);
    expect(await find('')).toHaveLength(4);
  });

  it('exclude events without a value, also if they are read from rows', async () => {
    const { values, kind } = await ask('dimension: ERROR_TYPE');
    expect(values).toEqual([
      ['rate_limit', 1],
      ['timeout', 1],
    ]);
    expect(kind).toBe('RAW');
    expect((await ask('dimension: SERVICE')).values).toEqual([['api', 1]]);
    expect((await ask('dimension: FINISH_REASON')).values).toEqual([]);
  });

  it('can be numbers, booleans and the names of enum values', async () => {
    expect((await ask('dimension: STATUS_CODE')).values).toEqual([[500, 1]]);
    expect((await ask('dimension: SUCCESS')).values).toEqual([
      [true, 4],
      [false, 3],
    ]);
    const { errorLogAnalytics } = await graphql.data(
      `{ errorLogAnalytics(range: ${DAY}) { distinct(dimension: SEVERITY, contains: "WARN") { value count } } }`,
    );
    expect(errorLogAnalytics.distinct).toEqual([{ value: 'WARNING', count: 1 }]);
  });
});

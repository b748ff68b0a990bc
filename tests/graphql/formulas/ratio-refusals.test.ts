import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall, RECORD_ACTIVITY } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { COST, source } from './support/ratios.ts';

describeEachDatabase('ratio is refused', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  const refusal = async (...args: Parameters<typeof source>) =>
    (await graphql.run(source(...args))).errors?.[0];

  const badInput = (argument: string, message: RegExp) => ({
    message: expect.stringMatching(message),
    extensions: { code: 'BAD_USER_INPUT', argument },
  });

  it('for a dimension that one side does not have', async () => {
    expect(await refusal('groups { dimensions { agentId model } value }')).toMatchObject(
      badInput(
        'dimensions',
        /^A ratio of llmCalls and gitCommits has no dimension model\. It has service, environment, agentId, tag\.$/,
      ),
    );
  });

  it('for a count of distinct values beside a measure', async () => {
    const both = '{ llmCalls: { distinct: AGENT_ID, measure: COST } }';
    expect(await refusal('value', both)).toMatchObject(
      badInput('numerator.llmCalls.distinct', /takes no `measure`/),
    );
  });

  it('for an aggregate without a measure, and for too many groups', async () => {
    expect(await refusal('value', '{ llmCalls: { aggregate: AVG } }')).toMatchObject(
      badInput('numerator.llmCalls.aggregate', /needs a `measure` beside it/),
    );
    expect(await refusal('groups(first: 101) { value }')).toMatchObject(
      badInput('first', /between 1 and 100/),
    );
  });

  it('for a filter that the dataset refuses', async () => {
    const filter = '{ gitCommits: { filter: { id: { eq: "x" } } } }';
    expect(await refusal('value', COST, filter)).toMatchObject(
      badInput('denominator.gitCommits.filter.id.eq', /./),
    );
  });

  it('for a series with two ranges', async () => {
    const before = '{ llmCalls: { measure: COST, earlier: MONTH } }';
    expect(await refusal('series { points { value } }', COST, before)).toMatchObject(
      badInput('series', /cover the same range/),
    );
  });

  it.each(['{ llmCalls: {}, gitCommits: {} }', '{}', '{ llmCalls: null }'])(
    'for a side that does not name exactly one dataset: %s',
    async (side) => {
      expect(await refusal('value', side)).toMatchObject({
        message: expect.stringMatching(/DatasetNumber/),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );

  it('for an order by the ratio if there are too many groups', async () => {
    const llmCalls = Array.from({ length: 1000 }, (_, index) =>
      llmCall({ endUser: `user-${index}`, cost: 1, timestamp: '2026-11-22T10:00:00Z' }),
    );
    await graphql.data(RECORD_ACTIVITY, { input: { llmCalls } }, 'many');
    const groups = (orderBy: string) =>
      graphql.run(
        source(
          `groups(orderBy: { field: ${orderBy} }, first: 2) { dimensions { endUser } value }`,
          COST,
          '{ llmCalls: {} }',
        ),
        {},
        'many',
      );
    expect((await groups('VALUE')).errors?.[0]).toMatchObject(
      badInput('orderBy', /fewer than 1000 groups on each side/),
    );
    expect((await groups('NUMERATOR')).data.ratio.groups).toEqual([
      { dimensions: { endUser: 'user-0' }, value: 1 },
      { dimensions: { endUser: 'user-1' }, value: 1 },
    ]);
  });
});

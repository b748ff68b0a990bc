import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { generation, llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted rejected { message } } }';
const HOUR = 'range: { last: "PT1H" }';

const at = (event: object) => ({ ...event, timestamp: '2026-11-22T11:30:00Z' });
const ACTIVITY = {
  llmCalls: [
    { provider: 'one', model: 'a', cost: 0.1, promptTokens: 10 },
    { provider: 'one', model: 'b', cost: 0.3, promptTokens: 30 },
    { provider: 'two', model: 'c' },
  ].map((call) => llmCall(at(call))),
  generations: [
    { provider: 'one', model: 'a', durationMs: 100 },
    { provider: 'one', model: 'a', durationMs: 300, errorType: 'timeout' },
    { provider: 'one', model: undefined, durationMs: 500 },
    { provider: 'three', model: 'd', durationMs: 700 },
    { provider: 'four', model: 'e', durationMs: 900, success: false },
    { provider: 'four', model: 'e', durationMs: 1100 },
  ].map((made, index) => generation(`g-${index}`, at(made))),
};

describeEachDatabase('providerStats and modelStats', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordActivity } = await graphql.data(RECORD, { input: ACTIVITY });
    expect(recordActivity).toEqual({ accepted: 9, rejected: [] });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('show the generations of each provider, with providers without calls last', async () => {
    const { providerStats } = await graphql.data(
      `{ providerStats(${HOUR}) { provider calls generations generationSuccessRate averageGenerationMs } }`,
    );
    expect(providerStats).toEqual([
      { provider: 'one', calls: 2, generations: 3, generationSuccessRate: 2 / 3, averageGenerationMs: 300 },
      { provider: 'two', calls: 1, generations: 0, generationSuccessRate: null, averageGenerationMs: null },
      { provider: 'four', calls: 0, generations: 2, generationSuccessRate: 0.5, averageGenerationMs: 1000 },
      { provider: 'three', calls: 0, generations: 1, generationSuccessRate: 1, averageGenerationMs: 700 },
    ]);
  });

  it('have no rates and latencies without calls', async () => {
    const { providerStats } = await graphql.data(`{
      providerStats(${HOUR}) {
        provider generations calls unpricedCalls successRate averageLatencyMs p95LatencyMs tokens cost
        shareOfCalls shareOfTokens shareOfCost
      }
    }`);
    expect(providerStats[2]).toEqual({
      provider: 'four',
      generations: 2,
      calls: 0,
      unpricedCalls: 0,
      successRate: null,
      averageLatencyMs: null,
      p95LatencyMs: null,
      tokens: 0,
      cost: null,
      shareOfCalls: 0,
      shareOfTokens: 0,
      shareOfCost: null,
    });
  });

  it('group by model if it is known', async () => {
    const { modelStats } = await graphql.data(`{ modelStats(${HOUR}) { provider model calls generations } }`);
    expect(modelStats).toHaveLength(5);
    expect(modelStats.slice(0, 3)).toEqual(
      expect.arrayContaining([
        { provider: 'one', model: 'a', calls: 1, generations: 2 },
        { provider: 'one', model: 'b', calls: 1, generations: 0 },
        { provider: 'two', model: 'c', calls: 1, generations: 0 },
      ]),
    );
    expect(modelStats.slice(3)).toEqual([
      { provider: 'four', model: 'e', calls: 0, generations: 2 },
      { provider: 'three', model: 'd', calls: 0, generations: 1 },
    ]);
  });

  it('return at most `first` groups', async () => {
    const first = async (count: number) => {
      const { providerStats } = await graphql.data(
        `{ providerStats(${HOUR}, first: ${count}) { provider generations } }`,
      );
      return providerStats.map(({ provider }: { provider: string }) => provider);
    };
    expect(await first(1)).toEqual(['one']);
    expect(await first(3)).toEqual(['one', 'two', 'four']);
  });

  it('query generations only when they are selected', async () => {
    const statements = (fields: string) =>
      graphql.countStatements(() => graphql.data(`{ providerStats(${HOUR}) { ${fields} } }`));
    const withoutGenerations = await statements('provider calls tokens');
    expect(await statements('provider calls generations')).toBeGreaterThan(withoutGenerations);
    const { providerStats } = await graphql.data(`{ providerStats(${HOUR}) { provider } }`);
    expect(providerStats).toEqual([{ provider: 'one' }, { provider: 'two' }]);
  });

  it('count the cost of generations, with and without calls', async () => {
    await using made = await startGraphQL(database);
    const costs = [
      { provider: 'one', model: 'a', cost: 0.5 },
      { provider: 'two', model: 'b', cost: 0.25 },
      { provider: 'two', model: 'b' },
    ];
    const generations = costs.map((cost, index) => generation(`g-${index}`, at(cost)));
    await made.data(RECORD, { input: { generations } });
    const ask = `{ summary(${HOUR}) { totalCost } providerStats(${HOUR}) { provider cost shareOfCost } }`;
    expect(await made.data(ask)).toEqual({
      summary: { totalCost: 0.75 },
      providerStats: [
        { provider: 'two', cost: 0.25, shareOfCost: 1 / 3 },
        { provider: 'one', cost: 0.5, shareOfCost: 2 / 3 },
      ],
    });
    await made.data(RECORD, {
      input: { llmCalls: [llmCall(at({ provider: 'one', model: 'a', cost: 0.75 }))] },
    });
    expect(await made.data(ask)).toEqual({
      summary: { totalCost: 1.5 },
      providerStats: [
        { provider: 'one', cost: 1.25, shareOfCost: 5 / 6 },
        { provider: 'two', cost: 0.25, shareOfCost: 1 / 6 },
      ],
    });
  });

  it('give shares of the cost of all generations, including those without a model', async () => {
    await using made = await startGraphQL(database);
    const costs = [{ model: 'a', cost: 0.25 }, { cost: 0.75, model: undefined }, { model: 'a' }];
    const generations = costs.map((cost, index) => generation(`g-${index}`, at(cost)));
    await made.data(RECORD, { input: { generations } });
    expect(
      await made.data(`{
        summary(${HOUR}) { totalCost generations unpricedGenerations }
        modelStats(${HOUR}) { model cost shareOfCost generations unpricedGenerations }
      }`),
    ).toEqual({
      summary: { totalCost: 1, generations: 3, unpricedGenerations: 1 },
      modelStats: [{ model: 'a', cost: 0.25, shareOfCost: 0.25, generations: 2, unpricedGenerations: 1 }],
    });
  });

  it('have no shares of tokens and cost if there were only generations', async () => {
    await using made = await startGraphQL(database);
    await made.data(RECORD, { input: { generations: ACTIVITY.generations } });
    const { providerStats } = await made.data(
      `{ providerStats(${HOUR}, first: 1) { provider generations shareOfCalls shareOfTokens shareOfCost } }`,
    );
    expect(providerStats).toEqual([
      { provider: 'one', generations: 3, shareOfCalls: 0, shareOfTokens: null, shareOfCost: null },
    ]);
  });

  it('refuse an invalid number', async () => {
    const { errors } = await graphql.run(`{ providerStats(${HOUR}, first: 0) { provider generations } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
  });

  it('stay within the project', async () => {
    const { providerStats } = await graphql.data(
      `{ providerStats(${HOUR}) { provider generations } }`,
      {},
      'another-project',
    );
    expect(providerStats).toEqual([]);
  });
});

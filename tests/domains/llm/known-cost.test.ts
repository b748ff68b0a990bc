import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { CompletionServices } from '../../../src/declarations/completion.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { CALL, check } from '../../ingest/support/check.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const MAX = 2 ** 31 - 1;
const PARTLY_CACHED = { promptTokens: 100, cachedPromptTokens: 40 };

test.each([
  ['a call that a cache answered', { cached: true, promptTokens: 100 }, 0, 'COMPUTED'],
  ['a call that the provider refused', { statusCode: 429, promptTokens: 100 }, 0, 'COMPUTED'],
  ['a call that failed on the way', { errorType: 'timeout', promptTokens: 100 }, 250_000, 'COMPUTED'],
  [
    'a call whose cost the client sends, even if it is cached',
    { cached: true, cost: 0.5 },
    500_000_000,
    'REPORTED',
  ],
  ['a model without a price', { model: 'acme', promptTokens: 100 }, null, 'UNKNOWN'],
])('the cost of %s', (_, fields, cost, costSource) => {
  expect(check(llmCalls, { ...CALL, ...fields })).toMatchObject({ cost, costSource });
});

test.each([
  ['a call that a cache answered', { cached: true, promptTokens: 100 }, 250_000],
  ['a call with a partly cached prompt', PARTLY_CACHED, 50_000],
  [
    "a cached call, regardless of the provider's cache",
    { cached: true, promptTokens: 100, cachedPromptTokens: 40 },
    250_000,
  ],
  ['a call whose cost the client sends', { cost: 9, promptTokens: 100, cachedPromptTokens: 40 }, 50_000],
  ['a call without a cache', { promptTokens: 100 }, 0],
  ['a call without a cache to a model without a price', { model: 'acme', promptTokens: 100 }, 0],
  ['a cached call of a model without a price', { model: 'acme', cached: true, promptTokens: 100 }, null],
  ['a partly cached prompt to a model without a price', { model: 'acme', ...PARTLY_CACHED }, null],
  ['a call that the provider refused', { statusCode: 429, ...PARTLY_CACHED }, 0],
  ['a call whose saved cost the client sends', { cached: true, savedCost: 0.5 }, 500_000_000],
])('what was saved by %s', (_, fields, savedCost) => {
  expect(check(llmCalls, { ...CALL, ...fields })).toMatchObject({ savedCost });
});

test('nothing is saved if reading from the cache costs more', () => {
  const priceCall: CompletionServices['priceCall'] = (call) => 100 + call.cachedPromptTokens;
  expect(check(llmCalls, { ...CALL, ...PARTLY_CACHED }, { priceCall })).toMatchObject({ savedCost: 0 });
});

const WRITTEN = { cacheWritePromptTokens: 10 };
const WRITTEN_FIELD = 'cacheWritePromptTokens';

describe('contradictions', () => {
  it('names the part and the whole', () => {
    const parts = { promptTokens: 19, cachedPromptTokens: 10, ...WRITTEN };
    expect(check(llmCalls, { ...CALL, ...parts })).toMatchObject({
      message:
        'cachedPromptTokens and cacheWritePromptTokens are a part of promptTokens and must be at most 19, not 20; promptTokens includes them.',
    });
  });

  it.each([
    ['a total below its parts', { totalTokens: 3, promptTokens: 10, completionTokens: 5 }, 'totalTokens'],
    ['success beside a status that contradicts it', { success: true, statusCode: 500 }, 'success'],
    ['more cached than prompt tokens', { promptTokens: 10, cachedPromptTokens: 11 }, 'cachedPromptTokens'],
    ['more cached tokens than all', { totalTokens: 10, cachedPromptTokens: 11 }, 'cachedPromptTokens'],
    ['cached tokens without prompt tokens', { cachedPromptTokens: 1 }, 'cachedPromptTokens'],
    ['a cached answer', { completionTokens: 10, cachedPromptTokens: 1 }, 'cachedPromptTokens'],
    ['more written to the cache than the prompt has', { promptTokens: 9, ...WRITTEN }, WRITTEN_FIELD],
    [
      'more read from the cache and written to it than the prompt has',
      { promptTokens: 19, cachedPromptTokens: 10, ...WRITTEN },
      WRITTEN_FIELD,
    ],
    ['more audio than prompt', { promptTokens: 9, audioPromptTokens: 10 }, 'audioPromptTokens'],
    [
      'more audio and images than prompt',
      { promptTokens: 9, audioPromptTokens: 5, imagePromptTokens: 5 },
      'imagePromptTokens',
    ],
    ['more reasoning than answer', { completionTokens: 9, reasoningTokens: 10 }, 'reasoningTokens'],
    ['more audio than answer', { completionTokens: 9, audioCompletionTokens: 10 }, 'audioCompletionTokens'],
  ])('refuses %s', (_, fields, field) => {
    expect(check(llmCalls, { ...CALL, ...fields })).toMatchObject({ field, code: 'INVALID_VALUE' });
  });

  it.each([
    ['a total above its parts, which may count more', { totalTokens: 20, promptTokens: 10 }],
    ['a completely cached prompt', { promptTokens: 10, cachedPromptTokens: 10 }],
    ['a total and only one part', { totalTokens: 10, cachedPromptTokens: 10 }],
    [
      'a prompt with tokens both read from and written to the cache',
      { promptTokens: 20, cachedPromptTokens: 10, ...WRITTEN },
    ],
    ['a prompt of audio and images', { promptTokens: 9, audioPromptTokens: 4, imagePromptTokens: 5 }],
    [
      'an answer that consists only of reasoning',
      { completionTokens: 9, reasoningTokens: 9, audioCompletionTokens: 0 },
    ],
    ['success after a failure', { success: true, errorType: 'timeout' }],
    ['success with a good status', { success: true, statusCode: 200 }],
    ['a failure with a good status', { success: false, statusCode: 200 }],
  ])('accepts %s', (_, fields) => {
    expect(check(llmCalls, { ...CALL, ...fields })).toMatchObject(fields);
  });
});

describeEachDatabase('unknown costs and computed numbers', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (...input: object[]) =>
    graphql.data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted rejected { index field code } } }',
      { input: input.map((call) => ({ timestamp: '2026-11-22T11:30:00Z', ...call })) },
    );

  it('refuses a computed number that could not be read again, and accepts the other events', async () => {
    const tooMany = llmCall({ promptTokens: MAX, completionTokens: 1 });
    const { recordLlmCalls } = await record(llmCall({ provider: 'big', promptTokens: MAX }), tooMany);
    expect(recordLlmCalls).toEqual({
      accepted: 1,
      rejected: [{ index: 1, field: 'totalTokens', code: 'OUT_OF_RANGE' }],
    });
    const { llmCalls: list } = await graphql.data(
      '{ llmCalls(first: 5, filter: { provider: { eq: "big" } }) { nodes { totalTokens } } }',
    );
    expect(list).toEqual({ nodes: [{ totalTokens: MAX }] });
  });

  it('adds up values of calls beyond 32 bits', async () => {
    await record(...[1, 2, 3].map(() => llmCall({ provider: 'huge', promptTokens: MAX })));
    const { llmCallAnalytics, providerStats } = await graphql.data(`{
      llmCallAnalytics(range: { last: "PT1H" }, filter: { provider: { eq: "huge" } }) { totals { promptTokens { sum } } }
      providerStats(range: { last: "PT1H" }) { provider tokens }
    }`);
    expect(llmCallAnalytics.totals.promptTokens.sum).toBe(3 * MAX);
    expect(providerStats).toContainEqual({ provider: 'huge', tokens: 3 * MAX });
  });

  it('gives null for a sum of values that no event has, and for its share', async () => {
    await record(llmCall({ provider: 'house', model: 'own', promptTokens: 10 }));
    await record(llmCall({ provider: 'paid', cost: 2 }));
    const { priced, unknown, none, providerStats } = await graphql.data(`
      fragment Sums on LlmCallAnalytics { totals { count cost { count sum avg } promptTokens { sum } } }
      {
        priced: llmCallAnalytics(range: { last: "PT1H" }, filter: { provider: { eq: "paid" } }) { ...Sums }
        unknown: llmCallAnalytics(range: { last: "PT1H" }, filter: { provider: { eq: "house" } }) { ...Sums }
        none: llmCallAnalytics(range: { last: "PT1H" }, filter: { provider: { eq: "nobody" } }) { ...Sums }
        providerStats(range: { last: "PT1H" }) { provider cost shareOfCost }
      }`);
    expect(priced.totals.cost).toEqual({ count: 1, sum: 2, avg: 2 });
    expect(unknown.totals).toEqual({
      count: 1,
      cost: { count: 0, sum: null, avg: null },
      promptTokens: { sum: 10 },
    });
    expect(none.totals).toEqual({
      count: 0,
      cost: { count: 0, sum: 0, avg: null },
      promptTokens: { sum: 0 },
    });
    expect(providerStats).toContainEqual({ provider: 'house', cost: null, shareOfCost: null });
  });

  it('keeps the cost that caches saved, beside the cost that was paid', async () => {
    await record(
      llmCall({
        provider: 'openai',
        model: 'gpt-4o',
        cached: true,
        promptTokens: 1000,
        completionTokens: 100,
      }),
      llmCall({ provider: 'openai', model: 'gpt-4o', promptTokens: 1000, cachedPromptTokens: 200 }),
      llmCall({ provider: 'openai', model: 'gpt-4o', promptTokens: 1000 }),
      llmCall({ provider: 'openai', model: 'own', cached: true, promptTokens: 1000 }),
    );
    const { llmCalls: list, llmCallAnalytics } = await graphql.data(`{
      llmCalls(first: 9, filter: { provider: { eq: "openai" }, savedCost: { gt: 0 } }, orderBy: { field: SAVED_COST, direction: DESC }) {
        nodes { cached cost savedCost }
      }
      llmCallAnalytics(range: { last: "PT1H" }, filter: { provider: { eq: "openai" } }) {
        groups(orderBy: { field: SAVED_COST }) {
          dimensions { model } stats { count cost { sum } savedCost { count sum max } }
        }
      }
    }`);
    expect(list.nodes).toEqual([
      { cached: true, cost: 0, savedCost: 0.0035 },
      { cached: false, cost: 0.00225, savedCost: 0.00025 },
    ]);
    expect(llmCallAnalytics.groups).toEqual([
      {
        dimensions: { model: 'gpt-4o' },
        stats: { count: 3, cost: { sum: 0.00475 }, savedCost: { count: 3, sum: 0.00375, max: 0.0035 } },
      },
      {
        dimensions: { model: 'own' },
        stats: { count: 1, cost: { sum: 0 }, savedCost: { count: 0, sum: null, max: null } },
      },
    ]);
  });
});

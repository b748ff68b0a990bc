import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import { aliases, llmAnalytics, PREVIEW } from './support/costly-queries.ts';
import { priceOf } from './support/price-of.ts';

const _LIMIT = loadConfig({}).limits.queryCost;

describe('the price of a list', () => {
  const CALLS = '{ llmCalls { nodes { id } } }';

  it.each([
    ['the default page', CALLS, 50],
    ['`first`', '{ llmCalls(first: 7) { nodes { id } } }', 7],
    ['`last`', '{ llmCalls(last: 8) { edges { node { id } } } }', 8],
    ['null means the default', '{ llmCalls(first: null) { nodes { id } } }', 50],
    ['rows that are shown twice', '{ llmCalls(first: 7) { nodes { id } edges { cursor } } }', 14],
    ['only the page', '{ llmCalls(first: 7) { pageInfo { hasNextPage } } }', 7],
    ['a count', '{ llmCalls { totalCount } }', 100],
    ['one row each', '{ llmCalls(first: 7) { nodes { requestLog { id } } } }', 7 + 7],
    ['lists in a list', '{ requestLogs(first: 7) { nodes { llmCalls(first: 3) { id } } } }', 7 + 7 * 3],
    ['the default of a relation', '{ requestLogs(first: 7) { nodes { llmCalls { id } } } }', 7 + 7 * 100],
    ['a page in a list', '{ agents(first: 2) { nodes { commits(first: 5) { id } } } }', 2 + 2 * 5],
    ['aliases', '{ a: llmCalls { nodes { id } } b: llmCalls { nodes { id } } }', 100],
    ['one response name', '{ llmCalls { nodes { id } } llmCalls { nodes { model } } }', 50],
    ['an inline fragment', '{ ... on Query { llmCalls { nodes { id } } } }', 50],
    ['fragments, merged', `${CALLS.replace('{', '{ ...a ...a')} fragment a on Query ${CALLS}`, 50],
    [
      'a fragment under two aliases',
      '{ a: llmCalls { ...c } b: llmCalls { ...c } } fragment c on LlmCallConnection { nodes { id } }',
      100,
    ],
    ['@skip', '{ llmCalls @skip(if: true) { nodes { id } } __typename }', 0],
    ['@include', '{ llmCalls { nodes @include(if: false) { id } totalCount } }', 100],
    ['nodes', '{ nodes(ids: ["a", "b"]) { id } }', 2],
    [
      'the most expensive type of a node',
      '{ node(id: "a") { ... on LlmCall { requestLog { id } } ... on RequestLog { llmCalls(first: 9) { id } } } }',
      1 + 9,
    ],
    ['a row by its key', '{ agent(agentId: "a") { id } }', 1],
    ['a search', '{ searchMetrics(query: "a", first: 4) { results { metric { id } } } }', 2_004],
    ['the count of a search', '{ searchMetrics(query: "a", first: 4) { totalCount } }', 2_000],
    ['arguments that the resolver refuses', '{ llmCalls(first: 501) { nodes { requestLog { id } } } }', 0],
  ])('%s', (_what, source, price) => {
    expect(priceOf(source)).toBe(price);
  });

  it.each([
    ['given', { first: 9 }, 9],
    ['absent: the default of the variable', {}, 20],
    ['null: the default of the list', { first: null }, 50],
  ])('uses variables: %s', (_what, variables, price) => {
    const source = 'query ($first: Int = 20) { llmCalls(first: $first) { nodes { id } } }';
    expect(priceOf(source, { variables })).toBe(price);
  });

  it('leaves invalid variables to the executor', () => {
    const source = 'query ($first: Int!) { llmCalls(first: $first) { nodes { id } } }';
    expect(priceOf(source, { variables: { first: 'many' } })).toBeUndefined();
    expect(priceOf(source)).toBeUndefined();
  });

  it('evaluates directives by variables', () => {
    const source = 'query ($with: Boolean!) { llmCalls { totalCount nodes @include(if: $with) { id } } }';
    expect(priceOf(source, { variables: { with: true } })).toBe(150);
    expect(priceOf(source, { variables: { with: false } })).toBe(100);
  });
});

describe('the price of analytics', () => {
  const price = (rest: string, range?: string, filter?: string) =>
    priceOf(`{ ${llmAnalytics(rest, range, filter)} }`) as number;
  const points = (selection: string, args = '') =>
    `series${args} { ${selection} points { stats { count } } }`;

  it('grows with the shown points, groups and measures', () => {
    const day = 'from: "2026-11-21T00:00:00Z", to: "2026-11-22T00:00:00Z"';
    expect(price(points('', '(grain: HOUR)'), day)).toBe(24 + 118 + 25);
    expect(price(points('', '(grain: MINUTE)'), day)).toBe(24 * 60 + 24 * 60 + 1);
    expect(price(points('dimensions { provider }', '(grain: HOUR, top: 3)'), day)).toBe(
      24 * 4 + 118 + 25 * 4,
    );
    const measures = 'series(grain: HOUR) { points { stats { cost { sum } latencyMs { p95 } } } }';
    // A measure with a histogram counts twice.
    expect(price(measures, day)).toBe(24 + 118 + 25 * 3);
    expect(price('groups(first: 9) { dimensions { provider } stats { count } }', day)).toBe(
      4 + 46 * 4 + 118 + 9,
    );
  });

  it('depends on whether cells can answer', () => {
    const totals = 'totals { count }';
    const byCells = price(totals);
    expect(byCells).toBeLessThan(300);
    expect(price(totals, undefined, '{ provider: { eq: "openai" } }')).toBeLessThan(1_000);
    const byRows = price(totals, undefined, '{ latencyMs: { gt: 1 } }');
    expect(byRows).toBe(30 * 24 * 60 + 1);
    // No rollup has a histogram of this measure.
    expect(price('totals { messageCount { p95 } }')).toBe(byRows + 1);
    expect(price('totals { messageCount { sum } }')).toBe(byCells);
  });

  it.each([
    ['errorGroups', 'groupCount', 1],
    ['latencyRises', 'rise', 3],
  ])('is that of rows if %s have a filter that no rollup can answer', (field, selection, times) => {
    const ask = (filter: string) =>
      priceOf(`{ ${field}(range: { last: "P30D" }${filter}) { ${selection} } }`);
    const rows = 30 * 24 * 60;
    expect(ask('')).toBeLessThan((times * rows) / 2);
    expect(ask(', filter: { attributes: [{ path: "region", eq: "eu" }] }')).toBeGreaterThan(times * rows);
  });

  it('has a maximum for one question, for any length of its range', () => {
    expect(price('totals { count }', 'last: "P100Y"', '{ latencyMs: { gt: 1 } }')).toBe(50_001);
  });

  it('counts the earlier range, and the source without other fields', () => {
    expect(price('totals { count } previous { totals { count } }')).toBe(2 * price('totals { count }'));
    expect(price('source { kind }', undefined, '{ latencyMs: { gt: 1 } }')).toBeGreaterThan(43_000);
    expect(price('totals { count } source { kind }')).toBe(price('totals { count }'));
  });

  it('is higher for a dimension with many values', () => {
    const by = (dimension: string) => price(`groups { dimensions { ${dimension} } stats { count } }`);
    expect(by('endUser')).toBeGreaterThan(10 * by('model'));
  });

  it('of counting distinct values includes the rows, and memory for many values', () => {
    const count = (dimension: string) => price(`totals { countDistinct(dimension: ${dimension}) }`);
    expect(count('MODEL')).toBe(30 * 24 * 60 + 1);
    expect(count('END_USER')).toBe(30 * 24 * 60 + 10_000 + 1);
    const ranked = (orderBy: string) =>
      price(`groups(first: 9, orderBy: ${orderBy}) { dimensions { model } stats { count } }`);
    expect(ranked('{ field: COUNT_DISTINCT, dimension: END_USER }')).toBe(30 * 24 * 60 + 10_000 + 9);
  });

  it('of an attribute includes the rows, and many values', () => {
    const rows = 30 * 24 * 60;
    const by = 'groups(first: 9) { dimensions { attribute(path: "a.b") } stats { count } }';
    expect(price(by)).toBe(rows + 10_000 + 9);
    expect(price('totals { attribute(path: "a") { sum } }')).toBe(rows + 1);
    expect(price('totals { count }', undefined, '{ attributes: { path: "a", eq: 1 } }')).toBe(rows + 1);
    expect(price('totals { attribute(path: "..") { sum } }')).toBe(0);
  });

  it('of a series in another order includes the question that finds the order', () => {
    const series = (args: string) => price(`series(grain: DAY${args}) { dimensions { provider } other }`);
    const groups = price('groups(first: 1) { dimensions { provider } stats { count } }') - 1;
    expect(series(', orderBy: { field: COST }')).toBe(series('') + groups);
  });

  it('of a histogram includes its rows, its bounds and its counts', () => {
    const rows = 30 * 24 * 60;
    const extremes = price('totals { latencyMs { max } }') - 1;
    const histogram = (args: string) => price(`histogram(measure: LATENCY_MS, ${args}) { count }`);
    expect(histogram('buckets: 50, from: 1, to: 2, scale: LOG')).toBe(rows + 50);
    expect(histogram('buckets: 50')).toBe(extremes + rows + 50);
    expect(histogram('buckets: 50, scale: LOG')).toBe(extremes + 2 * rows + 50);
    expect(price('heatmap(measure: LATENCY_MS, grain: DAY, from: 1, to: 2) { points { count } }')).toBe(
      rows + 31 * 20,
    );
    expect(histogram('buckets: 201')).toBe(0);
  });

  it('of distinct values is that of groups by them', () => {
    const ofGroups = price('groups(first: 9) { dimensions { endUser } stats { count } }');
    expect(price('distinct(dimension: END_USER, first: 9) { value }')).toBe(ofGroups);
    expect(price('distinct(dimension: MODEL, first: 9) { value } source { kind }')).toBeLessThan(
      ofGroups / 10,
    );
  });

  it('is zero for a question that is refused', () => {
    expect(price('totals { count }', 'from: "2027-01-01T00:00:00Z"')).toBe(0);
    expect(price(points('', '(top: 51)').replace('points', 'dimensions { model } points'))).toBe(0);
  });
});

it('the snippets of a search cost more than its other results', () => {
  const search = (fields: string) =>
    `{ searchArchitectures(query: "a", first: 100) { results { ${fields} } } }`;
  expect(priceOf(search('score architecture { name }'))).toBe(2_100);
  expect(priceOf(search('score snippets { text }'))).toBe(12_100);
});

it('introspection costs nothing', () => {
  expect(priceOf('{ __schema { types { fields { type { ofType { name } } } } } __typename }')).toBe(0);
});

it('the events that a mutation records cost nothing', () => {
  const source = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
  const input = Array.from({ length: 1_000 }, () => ({ provider: 'openai' }));
  expect(priceOf(source, { variables: { input } })).toBe(0);
  expect(priceOf(source, { variables: { input: 7 } })).toBe(0);
});

it('refuses a document whose fragments multiply too much to be priced', () => {
  const level = (index: number) => `fragment f${index} on LlmCall {
    a: requestLog { llmCalls(first: 1) { ...f${index + 1} } } b: requestLog { llmCalls(first: 1) { ...f${index + 1} } }
    c: requestLog { llmCalls(first: 1) { ...f${index + 1} } } d: requestLog { llmCalls(first: 1) { ...f${index + 1} } } }`;
  const fragments = Array.from({ length: 8 }, (_, index) => level(index));
  const source = `{ llmCalls { nodes { ...f0 } } } ${fragments.join(' ')} fragment f8 on LlmCall { id }`;
  expect(() => priceOf(source)).toThrow('more than 20000 fields');
});

it('merges fragments that spread each other many times without delay', () => {
  const fragments = Array.from(
    { length: 40 },
    (_, index) => `fragment f${index} on Query { ...f${index + 1} ... { ...f${index + 1} } }`,
  );
  expect(
    priceOf(`{ ...f0 } ${fragments.join(' ')} fragment f40 on Query { llmCalls { nodes { id } } }`),
  ).toBe(50);
});

it('a preview costs its windows and the rows that they read', () => {
  const short = PREVIEW.replace('P7D', 'PT2H');
  expect(priceOf(`{ ${short} }`)).toBe(60 * 3 + 60 * 3 + (120 * 20) / 4);
  expect(priceOf(`{ ${PREVIEW.replace('llmCalls', 'nothing')} }`)).toBe(0);
  expect(priceOf(aliases(2, PREVIEW))).toBe(2 * (priceOf(`{ ${PREVIEW} }`) as number));
  // Distinct values are counted from the rows of the week and of the hour before, once an hour, and
  // many are held.
  const distinct = PREVIEW.replace('SUM, measure: "cost"', 'COUNT_DISTINCT, measure: "endUser"');
  expect(priceOf(`{ ${distinct} }`)).toBe((7 * 24 + 1) * 60 + 10_000 + (7 * 24 * 20) / 4);
});

it('the measured values of a preview cost their number', () => {
  const price = (measured: string) =>
    (priceOf(`{ ${PREVIEW.replace('firingCount', measured)} }`) as number) -
    (priceOf(`{ ${PREVIEW} }`) as number);
  expect(price('measured { times }')).toBe((7 * 500) / 10);
  expect(price('measured(first: 20, points: 1000) { groups { values } }')).toBe((20 * 1_000) / 10);
});

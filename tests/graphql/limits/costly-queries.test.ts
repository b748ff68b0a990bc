import { readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import { priceQuery } from '../../../src/graphql/limits/query-cost.ts';
import { graphiqlTabs } from '../../../src/server/graphiql-tabs/tabs.ts';
import * as generated from '../../generated/graphql.ts';
import { COSTLY_QUERIES, llmAnalytics, PREVIEW, RAW_TOTALS } from './support/costly-queries.ts';
import { costOf, NOW, priceOf, schema } from './support/price-of.ts';

const LIMIT = loadConfig({}).limits.queryCost;

const VALUES: Readonly<Record<string, unknown>> = {
  TimeRangeInput: { last: 'P1D' },
  DateTime: '2026-11-01T00:00:00Z',
  TimeZone: 'UTC',
  String: 'some',
  ID: 'LlmCall:8da78f1d-dc76-4be3-968c-773aaaa4a511',
  Float: 1,
  PreviewAlertRuleInput: { aggregate: 'COUNT', comparator: 'GT', window: 'PT5M', dataset: 'requestLogs' },
};

describe('the limit for the price of a query', () => {
  it.each(Object.entries(COSTLY_QUERIES))('refuses %s', (_what, { source, costliest }) => {
    const cost = costOf(source);
    expect(cost?.requested).toBeGreaterThan(LIMIT);
    expect(cost?.costliest.path).toBe(costliest);
  });

  it('allows each of their parts', () => {
    for (const source of [`{ ${RAW_TOTALS} }`, `{ ${PREVIEW} }`]) expect(priceOf(source)).toBeLessThan(LIMIT);
  });

  const dashboard = [
    'totals { count cost { sum } latencyMs { p50 p95 p99 } }',
    'series { dimensions { provider } points { start stats { count cost { sum } } } }',
    'groups(first: 20) { dimensions { model } stats { count latencyMs { p95 } } } previous { totals { count } }',
    'series { dimensions { model } points { start stats { latencyMs { p95 } } } } totals { count }',
  ].flatMap((rest) =>
    ['', '{ environment: { eq: "prod" } }', '{ provider: { eq: "openai" } }'].map((filter) => ({
      rest,
      filter,
    })),
  );

  it('allows a dashboard of twelve panels over ninety days', () => {
    const panels = dashboard.map(
      ({ rest, filter }, index) => `p${index}: ${llmAnalytics(rest, 'last: "P90D"', filter)}`,
    );
    expect(panels).toHaveLength(12);
    expect(priceOf(`{ ${panels.join('\n')} }`)).toBeLessThan(LIMIT);
  });

  const fences = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^```graphql\n(.*?)^```$/gms)].map(([, text = '']) => text);
  /** A value for each variable that an operation needs, because it has no price without them. */
  const neededBy = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
    Object.fromEntries(
      variableDefinitions.flatMap(({ variable, type }) =>
        type.kind === Kind.NON_NULL_TYPE ? [[variable.name.value, VALUES[print(type.type)] ?? {}]] : [],
      ),
    );
  const ofTests = Object.entries(generated).filter(([name]) => name.endsWith('Document'));

  it.each([
    ['the README', fences('README.md').map((source) => ({ source, variables: {} }))],
    ['docs/analytics.md', fences('docs/analytics.md').map((source) => ({ source, variables: {} }))],
    [
      'docs/slos.md and docs/questions.md',
      [...fences('docs/slos.md'), ...fences('docs/questions.md')].map((source) => ({
        source,
        variables: {},
      })),
    ],
    ['docs/alerts.md', fences('docs/alerts.md').map((source) => ({ source, variables: {} }))],
    [
      'GraphiQL',
      graphiqlTabs.map(({ query, variables = '{}' }) => ({
        source: query,
        variables: JSON.parse(variables),
      })),
    ],
    ['the tests', ofTests.map(([, document]) => ({ source: String(document), variables: {} }))],
  ])('allows every operation of %s', (_where, documents) => {
    expect(documents.length).toBeGreaterThan(3);
    for (const { source, variables } of documents) {
      const document = parse(source);
      for (const operation of document.definitions) {
        if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
        const given = { ...neededBy(operation), ...variables };
        const cost = priceQuery({ schema, document, operation, variables: given, now: NOW });
        expect(cost?.requested, source).toBeLessThanOrEqual(LIMIT / 2);
      }
    }
  });
});

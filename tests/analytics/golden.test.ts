import type { KyselyPlugin } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Scope } from '../../src/analytics/spec.ts';
import type { Filter } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import type { QueryBuilder, Store } from '../../src/storage/store.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { sampleCalls } from './support/sample.ts';

// The SQL of the questions on each database, and their answers:
// tests/golden/<question>.<database>.sql and <question>.json. A changed file is a changed query:
// read the difference, then run with --update.

const at = (text: string): number => Date.parse(text);
const FIRST = at('2026-03-05T00:00:00Z');

interface Question {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly filter?: Filter;
  ask(analytics: Analytics, scope: Scope): Promise<unknown>;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'daily-cost-by-provider',
    from: '2026-03-05T00:00:00Z',
    to: '2026-03-09T00:00:00Z',
    ask: (analytics, scope) =>
      analytics.series(scope, [{ measure: 'cost', quantiles: [] }], {
        grain: 'DAY',
        timeZone: 'UTC',
        dimensions: ['provider'],
        top: 2,
        fill: 'ZERO',
      }),
  },
  {
    name: 'latency-quantiles-of-a-ragged-range',
    from: '2026-03-05T10:20:30.400Z',
    to: '2026-03-08T21:14:49.300Z',
    filter: { kind: 'test', field: 'provider', operator: 'eq', value: 'openai', negated: true },
    ask: (analytics, scope) => analytics.totals(scope, [{ measure: 'latencyMs', quantiles: [0.5, 0.95] }]),
  },
  {
    name: 'calls-of-two-providers',
    from: '2026-03-05T00:00:00Z',
    to: '2026-03-09T00:00:00Z',
    filter: { kind: 'test', field: 'provider', operator: 'in', value: ['openai', 'nobody'], negated: false },
    ask: (analytics, scope) =>
      analytics.groups(scope, [], {
        dimensions: ['provider'],
        orderBy: { by: 'count', direction: 'desc' },
        first: 10,
      }),
  },
  {
    name: 'slowest-end-users-of-many-calls',
    from: '2026-03-05T00:00:00Z',
    to: '2026-03-12T00:00:00Z',
    filter: {
      kind: 'or',
      all: [
        { kind: 'test', field: 'errorMessage', operator: 'contains', value: '100% of a_', negated: true },
        { kind: 'test', field: 'statusCode', operator: 'in', value: [429, 503], negated: false },
      ],
    },
    ask: (analytics, scope) =>
      analytics.groups(scope, [{ measure: 'latencyMs', quantiles: [0.5] }], {
        dimensions: ['endUser'],
        orderBy: { by: { measure: 'latencyMs', aggregate: 'p95' }, direction: 'desc' },
        first: 3,
        atLeast: 6,
      }),
  },
  {
    name: 'distinct-users-by-provider',
    from: '2026-03-05T00:00:00Z',
    to: '2026-03-12T00:00:00Z',
    ask: (analytics, scope) =>
      analytics.groups(scope, [{ measure: 'endUser', quantiles: [], totals: ['distinct'] }], {
        dimensions: ['provider'],
        orderBy: { by: { measure: 'model', aggregate: 'distinct' }, direction: 'desc' },
        first: 2,
      }),
  },
  {
    name: 'latency-by-day-in-three-buckets',
    from: '2026-03-05T00:00:00Z',
    to: '2026-03-07T00:00:00Z',
    ask: (analytics, scope) =>
      analytics.distribution(scope, {
        ...{ measure: 'latencyMs', buckets: 3, scale: 'LOG', from: null, to: 1000 },
        time: { grain: 'DAY', timeZone: 'UTC' },
      }),
  },
  {
    name: 'days-of-streaming-by-model-in-kolkata',
    from: '2026-03-05T18:30:00Z',
    to: '2026-03-08T18:30:00Z',
    filter: { kind: 'test', field: 'streaming', operator: 'eq', value: false, negated: false },
    ask: (analytics, scope) =>
      analytics.series(scope, [{ measure: 'totalTokens', quantiles: [0.9] }], {
        grain: 'DAY',
        timeZone: 'Asia/Kolkata',
        dimensions: ['model', 'service'],
        top: 2,
        fill: 'NONE',
      }),
  },
];

/** Passes queries on and records their compiled form. */
function recorder(store: Store, statements: string[]): QueryBuilder {
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql } = store.query.getExecutor().compileQuery(node, queryId);
      statements.push(
        `${sql.replace(/ (?=(?:from|cross join|where|and|group by|having|order by|limit) )/g, '\n')};\n`,
      );
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return store.query.withPlugin(plugin);
}

/**
 * Shows maps as objects, and doubles with twelve digits, because the databases add in different
 * orders.
 */
function toText(answer: unknown): string {
  const readable = (_: string, value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries(value);
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;
  };
  return `${JSON.stringify(answer, readable, 2)}\n`;
}

describeEachDatabase('golden questions', (database) => {
  const opened = useStore(database);
  beforeAll(() => opened.append('golden', llmCalls, sampleCalls(FIRST, 120)));

  it.each(QUESTIONS)('$name', async ({ name, from, to, filter, ask }) => {
    const statements: string[] = [];
    const { store } = opened;
    const analytics = createAnalytics({
      store: { ...store, query: recorder(store, statements) },
    });
    const range = { from: at(from), to: at(to) };
    const answer = await ask(analytics, {
      dataset: llmCalls,
      projectId: 'golden',
      range,
      filter: filter ?? null,
    });
    const folder = '../golden/analytics';
    if (!notOnCitus('SQL_TEXT'))
      await expect(statements.join('\n')).toMatchFileSnapshot(`${folder}/${name}.${database.dialect}.sql`);
    await expect(toText(answer)).toMatchFileSnapshot(`${folder}/${name}.json`);
  });
});

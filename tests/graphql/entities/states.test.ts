import { extendSchema, type GraphQLSchema, parse } from 'graphql';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { derivedId } from '../../../src/core/ids.ts';
import type { Services } from '../../../src/graphql/context.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentMetric, alert } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const CREATE = 'mutation ($input: CreateMetricInput!) { createMetric(input: $input) { metric { id } } }';
const ADD_TEST =
  'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { uuid } } }';
const RAISE = 'mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created } }';
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z');
const METRICS = ['costs', 'revenue', 'signups'] as const;

/** The reads that Prisma was asked for. */
interface Asked {
  readonly model: string;
  readonly operation: string;
  readonly select: unknown;
  readonly where: unknown;
}

/** The services with a Prisma client that records the requested reads outside of transactions. */
function withNotes(asked: Asked[]): (services: Services) => Partial<Services> {
  return ({ store }) => ({
    store: {
      ...store,
      prisma: store.prisma.$extends({
        query: {
          $allModels: {
            $allOperations({ model, operation, args, query }) {
              const { select, where } = args as { select?: unknown; where?: unknown };
              asked.push({ model, operation, select, where });
              return query(args);
            },
          },
        },
      }) as never,
    },
  });
}

/** Adds a field that returns a metric of which only the id is known. */
function withBareMetric(schema: GraphQLSchema): GraphQLSchema {
  const extended = extendSchema(
    schema,
    parse('extend type Query { bareMetrics(ids: [UUID!]!): [Metric!]! }'),
  );
  const field = extended.getQueryType()?.getFields()['bareMetrics'];
  if (field === undefined) throw new Error('The schema was not extended');
  field.resolve = (_root, { ids }: { ids: readonly string[] }) => ids.map((id) => ({ id }));
  return extended;
}

describeEachDatabase('states that the plugin reads', (database) => {
  const asked: Asked[] = [];
  const selectsOf = (model: string) => asked.filter((one) => one.model === model).map(({ select }) => select);
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database, { replace: withNotes(asked), extend: withBareMetric });
    for (const metricId of METRICS) {
      await graphql.data(CREATE, { input: { metricId, name: metricId, owner: '@me', dependencies: ['x'] } });
      for (const testQuery of ['a', 'b']) {
        await graphql.data(ADD_TEST, { input: { metricId, testType: 'SQL', testQuery } });
      }
    }
    await graphql.data(CREATE, { input: { metricId: 'costs', name: 'theirs' } }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(() => {
    asked.length = 0;
  });

  const idOf = (metricId: string, projectId = 'default') => derivedId(projectId, 'metrics', metricId);

  describe('select only the requested columns', () => {
    it.each<[what: string, query: string, select: object | undefined]>([
      ['a list', '{ metrics { nodes { name } } }', { id: true, name: true }],
      [
        'a list, in two places, by fragments and aliases',
        `{ metrics { page: nodes { called: name } edges { node { ...more } } } }
         fragment more on Metric { owner ... on Node { id } ...skipped @include(if: false) }
         fragment skipped on Metric { description }`,
        { id: true, name: true, owner: true },
      ],
      ['a list of ids', '{ metrics { nodes { id uuid } } }', { id: true }],
      ['a page without items', '{ metrics { totalCount pageInfo { hasNextPage } } }', undefined],
      [
        'a field that needs other columns',
        '{ metrics { nodes { usageCount } } }',
        { id: true, metricId: true },
      ],
      [
        'node',
        `{ node(id: "Metric:${idOf('costs')}") { id ... on Metric { owner } ... on Task { title } } }`,
        { id: true, owner: true },
      ],
      ['a query by key', '{ metric(metricId: "costs") { version } }', { id: true, version: true }],
      [
        'a relation to one',
        '{ validationTests { nodes { metric { trustScore } } } }',
        { id: true, trustScore: true },
      ],
    ])('%s', async (_what, query, select) => {
      await graphql.data(query);
      expect(selectsOf('Metric')).toEqual(select === undefined ? [] : [select]);
    });
  });

  it('cost the same number of statements for one and for many, in any nesting', async () => {
    const tests = (fields: string) => `validationTests(first: 2) { nodes { testQuery ${fields} } }`;
    const ask = (first: number) =>
      graphql.data(
        `{ metrics(first: ${first}) { nodes { name ${tests(`metric { name owner ${tests('status')} }`)} } } }`,
      );
    const ofOne = await graphql.countStatements(() => ask(1));
    expect(await graphql.countStatements(() => ask(METRICS.length))).toBe(ofOne);
    // Each list reads the keys of its page and the rows; a relation to one reads the rows.
    expect(ofOne).toBe(2 + 2 + 1 + 2);
  });

  it('are read by one statement for all ids of nodes', async () => {
    const ids = [...METRICS, 'nothing', 'costs'].map((metricId) => `Metric:${idOf(metricId)}`);
    const { nodes } = await graphql.data(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Metric { metricId } } }',
      { ids },
    );
    expect(nodes).toEqual([
      { metricId: 'costs' },
      { metricId: 'revenue' },
      { metricId: 'signups' },
      null,
      { metricId: 'costs' },
    ]);
    expect(selectsOf('Metric')).toEqual([{ id: true, metricId: true }]);
  });

  describe('if a resolver has loaded them', () => {
    it('are not loaded again for the answer of a mutation', async () => {
      const update = 'mutation ($input: UpdateMetricInput!) { updateMetric(input: $input)';
      const answer = '{ metric { metricId name owner tags version } changes { field newValue changedBy } } }';
      const input = { metricId: 'signups', changedBy: 'me', owner: '@you', tags: ['a'] };
      const { updateMetric } = await graphql.data(update + answer, { input });
      expect(updateMetric.metric).toMatchObject({ metricId: 'signups', owner: '@you', tags: ['a'] });
      expect(updateMetric.changes).toHaveLength(2);
      expect(asked).toEqual([]);
    });

    it('are not loaded again for the events of a subscription', async () => {
      const raised = await graphql.subscribe(
        'subscription { alertRaised { id title severity message labels } }',
      );
      const first = raised.next();
      await graphql.data(RAISE, { input: alert('a-1', { title: 'one' }) });
      expect((await first).value.data.alertRaised).toMatchObject({ title: 'one' });
      asked.length = 0;
      const second = raised.next();
      await graphql.data(RAISE, { input: alert('a-2', { title: 'two' }) });
      expect((await second).value.data.alertRaised).toMatchObject({ title: 'two' });
      expect(asked.filter(({ model }) => model === 'Alert').map(({ operation }) => operation)).toEqual([
        'findMany',
      ]);
      await raised.return?.();
    });
  });

  describe('if a resolver knows only the id', () => {
    const BARE = 'query ($ids: [UUID!]!) { bareMetrics(ids: $ids) { name owner } }';

    it('are loaded with the selected columns', async () => {
      const ids = ['costs', 'revenue'].map((metricId) => idOf(metricId));
      const { bareMetrics } = await graphql.data(BARE, { ids });
      expect(bareMetrics).toEqual([
        { name: 'costs', owner: '@me' },
        { name: 'revenue', owner: '@me' },
      ]);
      expect(asked.map(({ select, where }) => ({ select, where }))).toEqual(
        ids.map((id) => ({
          select: { id: true, name: true, owner: true },
          where: { projectId_id: { projectId: 'default', id } },
        })),
      );
    });

    it('stay within the project', async () => {
      const variables = { ids: [idOf('costs', 'another-project')] };
      expect((await graphql.run(BARE, variables)).data).toBeNull();
      const { bareMetrics } = await graphql.data(BARE, variables, 'another-project');
      expect(bareMetrics).toEqual([{ name: 'theirs', owner: null }]);
    });
  });

  it('stay within the project as nodes', async () => {
    const id = `Metric:${idOf('costs', 'another-project')}`;
    const query = `{ node(id: "${id}") { id } nodes(ids: ["${id}"]) { id } }`;
    expect(await graphql.data(query)).toEqual({ node: null, nodes: [null] });
    expect(await graphql.data(query, {}, 'another-project')).toEqual({ node: { id }, nodes: [{ id }] });
  });
});

describeEachDatabase('a time beyond the year 9999 that an older version stored', (database) => {
  it('is not an unexpected error', async () => {
    await using graphql = await startGraphQL(database);
    await graphql.data(
      'mutation ($input: [AgentMetricInput!]!) { recordAgentMetrics(input: $input) { accepted } }',
      {
        input: [agentMetric('a')],
      },
    );
    const time = database.dialect === 'sqlite' ? YEAR_10000 : '10000-01-01T00:00:00Z';
    await graphql.services.store.exclusively((transaction) =>
      sql`update agents set last_activity = ${time}`.execute(transaction),
    );
    expect(await graphql.data('{ agents { nodes { agentId } } }')).toEqual({
      agents: { nodes: [{ agentId: 'a' }] },
    });
    const { data, errors } = await graphql.run('{ agents { nodes { lastActivity } } }');
    if (database.dialect === 'sqlite') {
      expect(data).toEqual({ agents: { nodes: [{ lastActivity: new Date(YEAR_10000).toISOString() }] } });
    } else {
      // Prisma's adapter cannot read this time.
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/^The database is damaged/), extensions: { code: 'OVERLOADED' } },
      ]);
    }
  });
});

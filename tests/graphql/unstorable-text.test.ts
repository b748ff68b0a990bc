import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { alert, architecture, generation } from '../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';

/** Text that PostgreSQL can neither store nor compare, or only as another text. */
const TEXTS = ['\0', 'a\0b', '\ud800', 'a\udc00b'];

const RANGE = 'range: { last: "P1D" }';
const cursor = (text: string, column: string) =>
  Buffer.from(JSON.stringify([column, 'asc', text, '00000000-0000-7000-8000-000000000001'])).toString(
    'base64url',
  );

const TYPES = { text: 'String', quoted: 'String', cursor: 'String', id: 'ID' };

/**
 * Every argument that accepts text from the caller: the operation, with the text as one of these
 * variables.
 */
const OPERATIONS: readonly (readonly [string, string])[] = [
  ...['eq', 'ne', 'contains', 'startsWith'].flatMap((operator): [string, string][] => [
    [
      `a filter, ${operator}`,
      `{ metrics(filter: { name: { ${operator}: $text } }) { totalCount nodes { name } } }`,
    ],
    [
      `a filter of events, ${operator}`,
      `{ llmCalls(filter: { model: { ${operator}: $text } }) { totalCount } }`,
    ],
    [
      `a filter of analytics, ${operator}`,
      `{ llmCallAnalytics(${RANGE}, filter: { endUser: { ${operator}: $text } }) { totals { count } groups { stats { count } } } }`,
    ],
    [
      `a filter of cells, ${operator}`,
      `{ llmCallAnalytics(${RANGE}, filter: { model: { ${operator}: $text } }) { totals { count } groups { stats { count } } } }`,
    ],
  ]),
  ['a filter, in', '{ metrics(filter: { name: { in: [$text, "a"] } }) { totalCount } }'],
  ['a filter of a list', '{ metrics(filter: { tags: { has: $text } }) { totalCount } }'],
  ['filters of a list', '{ metrics(filter: { tags: { hasSome: [$text, "a"] } }) { totalCount } }'],
  [
    'after',
    '{ metrics(orderBy: { field: NAME, direction: ASC }, after: $cursor) { totalCount nodes { name } } }',
  ],
  [
    'before',
    '{ metrics(orderBy: { field: NAME, direction: ASC }, before: $cursor) { totalCount nodes { name } } }',
  ],
  ['an agent', '{ agent(agentId: $text) { status } }'],
  [
    'the history of an agent',
    `{ agentMetricsHistory(agentId: $text, ${RANGE}) { totalCount nodes { status } } }`,
  ],
  ['the days of an agent', `{ agentMetricsDaily(agentId: $text, ${RANGE}) { samples } }`],
  ['a repository', `{ commitActivity(repository: $text, ${RANGE}) { commits byBranch { branch } } }`],
  ['a task', '{ task(taskId: $text) { status } }'],
  ['statuses', `{ taskStatusTimes(statuses: [$text], ${RANGE}) { count } }`],
  ['a search', '{ searchMetrics(query: $text) { totalCount results { score } } }'],
  ['a quoted search', '{ searchMetrics(query: $quoted) { totalCount } }'],
  ['metric', '{ metric(metricId: $text) { name usageCount history { totalCount } } }'],
  [
    'metricUsageStats',
    '{ metricUsageStats(metricId: $text, timeZone: "Asia/Kolkata") { total days { uses } users { uses } } }',
  ],
  ['architecture', '{ architecture(generationId: $text) { uuid generation { uuid } } }'],
  ['metricsByPeriod', `{ metricsByPeriod(period: DAY, ${RANGE}, provider: $text) { start } }`],
  ['node', '{ node(id: $id) { id } }'],
  ['nodes', '{ nodes(ids: [$id]) { id } }'],
  [
    'deleteArchitecture',
    'mutation { deleteArchitecture(input: { generationId: $text }) { architecture { uuid } } }',
  ],
  [
    'saveArchitecture',
    'mutation { saveArchitecture(input: { generationId: $text, name: "a", spec: {} }) { created } }',
  ],
  ['createMetric', 'mutation { createMetric(input: { metricId: $text, name: "a" }) { metric { name } } }'],
  [
    'createMetric, name',
    'mutation { createMetric(input: { metricId: "b", name: $text }) { metric { name } } }',
  ],
  [
    'updateMetric',
    'mutation { updateMetric(input: { metricId: $text, changedBy: "me" }) { metric { name } } }',
  ],
  [
    'updateMetric, changedBy',
    'mutation { updateMetric(input: { metricId: "revenue", changedBy: $text, name: "b" }) { metric { name } } }',
  ],
  [
    'revertMetric',
    'mutation { revertMetric(input: { metricId: $text, to: 1, changedBy: "me" }) { metric { name } } }',
  ],
  ['deleteMetric', 'mutation { deleteMetric(input: { metricId: $text }) { deletedTests } }'],
  [
    'addValidationTest',
    'mutation { addValidationTest(input: { metricId: "revenue", testType: SQL, testQuery: $text }) { test { name } } }',
  ],
  [
    'updateValidationTest',
    'mutation { updateValidationTest(input: { id: $id, name: "a" }) { test { name } } }',
  ],
  ['deleteValidationTest', 'mutation { deleteValidationTest(input: { id: $id }) { test { name } } }'],
  ['runValidationTest', 'mutation { runValidationTest(input: { id: $id }) { passed } }'],
  [
    'recordValidationResult',
    'mutation { recordValidationResult(input: { id: $id, status: PASSED }) { recorded } }',
  ],
  ['alert', '{ alert(alertId: $text) { title rule { name } } }'],
  ['alertCounts', '{ alertCounts(filter: { title: { eq: $text } }) { count } }'],
  ...['alertId', 'title', 'message', 'source'].map((field): [string, string] => {
    const fields = { alertId: '"a"', title: '"a"', [field]: '$text' };
    const input = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
    return [
      `raiseAlert, ${field}`,
      `mutation { raiseAlert(input: { type: COST, severity: INFO, ${input.join()} }) { created } }`,
    ];
  }),
  [
    'acknowledgeAlert',
    'mutation { acknowledgeAlert(input: { alertId: $text, acknowledgedBy: "me" }) { alert { status } } }',
  ],
  [
    'acknowledgeAlert, acknowledgedBy',
    'mutation { acknowledgeAlert(input: { alertId: "open", acknowledgedBy: $text }) { alert { status } } }',
  ],
  [
    'resolveAlert',
    'mutation { resolveAlert(input: { alertId: $text, resolvedBy: "me" }) { alert { status } } }',
  ],
  [
    'resolveAlert, resolvedBy',
    'mutation { resolveAlert(input: { alertId: "open", resolvedBy: $text }) { alert { status } } }',
  ],
  ['apiKeys', '{ apiKeys(projectId: $text) { totalCount nodes { name } } }'],
  ['createApiKey', 'mutation { createApiKey(input: { project: $text, scopes: [READ] }) { text } }'],
  [
    'createApiKey, name',
    'mutation { createApiKey(input: { project: "default", scopes: [READ], name: $text }) { text } }',
  ],
  ['createProject', 'mutation { createProject(input: { projectId: $text }) { project { name } } }'],
  [
    'updateProject',
    'mutation { updateProject(input: { projectId: $text, name: "a" }) { project { name } } }',
  ],
  [
    'deleteProject',
    'mutation { deleteProject(input: { projectId: $text, confirm: $text }) { project { name } } }',
  ],
  [
    'setRetentionPolicy',
    'mutation { setRetentionPolicy(input: { dataset: $text }) { retentionPolicy { dataset } } }',
  ],
  [
    'resetRetentionPolicy',
    'mutation { resetRetentionPolicy(input: { dataset: $text }) { retentionPolicy { dataset } } }',
  ],
];

describeEachDatabase('text that cannot be stored', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.data(
      'mutation { createMetric(input: { metricId: "revenue", name: "a" }) { metric { uuid } } }',
    );
    await graphql.data(
      'mutation ($input: [GenerationInput!]!) { recordGenerations(input: $input) { accepted } }',
      { input: [generation('g')] },
    );
    await graphql.data(
      'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { created } }',
      { input: architecture('g') },
    );
    await graphql.data('mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created } }', {
      input: alert('open'),
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  test.each(OPERATIONS)('is never an INTERNAL error: %s', async (_where, operation) => {
    for (const text of TEXTS) {
      const values = { text, quoted: `"${text}"`, id: text, cursor: cursor(text, 'name') };
      const used = Object.entries(TYPES).filter(([name]) => operation.includes(`$${name}`));
      const declared = used.map(([name, type]) => `$${name}: ${type}!`).join(', ');
      const source = `${operation.startsWith('mutation') ? '' : 'query '}${operation}`.replace(
        /^\w+/,
        (kind) => `${kind} (${declared})`,
      );
      const { errors = [] } = await graphql.run(source, values);
      const codes = errors.map(({ extensions }) => extensions?.['code']);
      expect(
        codes.filter((code) => code !== 'BAD_USER_INPUT' && code !== 'NOT_FOUND'),
        source,
      ).toEqual([]);
      expect(errors.map(({ message }) => message).join(), source).not.toMatch(
        /Cannot query|Unknown argument|not defined/,
      );
    }
    expect(graphql.log.splice(0)).toEqual([]);
  });

  test.each([
    ['metricUsageStats(metricId: $text) { total }', 'metricId'],
    ['metrics(filter: { name: { eq: $text } }) { totalCount }', 'filter.name.eq'],
    ['metrics(orderBy: { field: NAME, direction: ASC }, after: $text) { totalCount }', 'after'],
  ])('is named in the error: %s', async (field, argument) => {
    for (const text of TEXTS) {
      const variables = { text: argument === 'after' ? cursor(text, 'name') : text };
      const { errors } = await graphql.run(`query ($text: String!) { ${field} }`, variables);
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
    }
  });
});

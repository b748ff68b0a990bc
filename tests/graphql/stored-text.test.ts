import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOT_BLANK } from '../../src/core/dataset/not-blank.ts';
import { parseExactJson } from '../../src/core/exact-json.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { compileColumnCheck } from '../../src/ingest/column-check.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, requestLog } from '../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';

/**
 * Columns that name something or that programs read: replaced by `***`, they would name or mean
 * something else.
 */
const VERBATIM = [
  ...[
    'agentId',
    'alertId',
    'boardId',
    'calculation',
    'commitHash',
    'contextTiers',
    'createdBy',
    'dataset',
    'dependencies',
    'expectedResult',
    'filter',
    'generationId',
    'good',
  ],
  ...[
    'groupBy',
    'identity',
    'mcpServer',
    'measure',
    'metricId',
    'model',
    'panels',
    'path',
    'projectId',
    'provider',
    'query',
    'quietTimeZone',
    'requestId',
    'ruleId',
    'sessionId',
    'shortHash',
    'sloId',
    'taskId',
    'testQuery',
    'tool',
    'url',
    'webhookId',
  ],
];

const COLUMNS = [...datasets, ...states].flatMap(({ columns }) => columns);

it('stays as sent only in columns that need it', () => {
  const verbatim = COLUMNS.filter((column) => column.verbatim).map(({ name }) => name);
  expect([...new Set(verbatim)].toSorted()).toEqual(VERBATIM);
});

it('is masked in every other column of text and JSON', () => {
  const free = COLUMNS.filter(
    ({ kind, pattern, verbatim }) =>
      ['text', 'texts', 'json'].includes(kind) &&
      !verbatim &&
      (pattern === undefined || pattern === NOT_BLANK),
  );
  const unmasked = free.filter((column) => {
    const stored = compileColumnCheck(column)(
      column.kind === 'json' ? { a: 'pwd=hunter2' } : 'pwd=hunter2',
      0,
    );
    return JSON.stringify(stored).includes('hunter2');
  });
  expect(free.length).toBeGreaterThan(50);
  expect(unmasked.map(({ name }) => name)).toEqual([]);
});

describeEachDatabase('stored free text and JSON', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('has its secrets masked, in variables and in literals', async () => {
    await graphql.data(
      `mutation ($logs: [RequestLogInput!]!, $rag: [RagMetricInput!]!) {
        recordRequestLogs(input: $logs) { rejected { message } }
        recordRagMetrics(input: $rag) { rejected { message } }
        recordTaskEvents(input: [{ taskId: "T-1", eventType: CREATED, title: "use token=abc", details: { note: "pwd=abc", apiKey: "abc" } }]) { accepted }
      }`,
      {
        logs: [
          requestLog('r-1', {
            endpoint: '/search?q=shoes&api_key=abc',
            userAgent: 'curl/8 (Bearer abcdef0123456)',
            attributes: { header: 'Authorization: Basic dXNlcjpwYXNz', page: { password: 'a b', size: 2 } },
          }),
        ],
        rag: [{ service: 'rag', recentQueries: ['why is password=hunter2 refused?', 'plain'] }],
      },
    );
    const found = await graphql.data(`{
      requestLogs { nodes { endpoint userAgent attributes } }
      ragMetrics { nodes { recentQueries } }
      taskEvents { nodes { title details } }
      task(taskId: "T-1") { title }
    }`);
    expect(found).toEqual({
      requestLogs: {
        nodes: [
          {
            endpoint: '/search?q=shoes&api_key=***',
            userAgent: 'curl/8 (Bearer ***)',
            attributes: { header: 'Authorization: Basic ***', page: { password: '***', size: 2 } },
          },
        ],
      },
      ragMetrics: { nodes: [{ recentQueries: ['why is password=*** refused?', 'plain'] }] },
      taskEvents: { nodes: [{ title: 'use token=***', details: { note: 'pwd=***', apiKey: '***' } }] },
      task: { title: 'use token=***' },
    });
  });

  it.each([
    ['12345678901234567890', '12345678901234567000'],
    ['1234567890123456789012345', '1.2345678901234568e+24'],
    ['1000000000000000000000001', '1e+24'],
    ['1e400', 'Infinity'],
    ['-9007199254740993', '-9007199254740992'],
  ])('never has another number than the one that was sent: %s is refused', async (written, read) => {
    const rejected = [
      {
        index: 1,
        field: 'attributes',
        code: 'OUT_OF_RANGE',
        message: expect.stringContaining(`send attributes.n as text; it was read as ${read}.`),
      },
    ];
    const asLiteral = `{ provider: "openai", model: "gpt-4o", latencyMs: 1, attributes: { n: ${written} } }`;
    const event = llmCall({ attributes: parseExactJson(`{"n":${written}}`) });
    const input = [llmCall(), event];
    const variables = await graphql.data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted rejected { index field code message } } }',
      { input },
    );
    expect(variables.recordLlmCalls).toEqual({ accepted: 1, rejected });
    const literals = await graphql.data(`mutation {
      recordLlmCalls(input: [{ provider: "openai", model: "gpt-4o", latencyMs: 1, attributes: { n: "${written}" } }, ${asLiteral}]) {
        accepted
        rejected { index field code message }
      }
    }`);
    expect(literals.recordLlmCalls).toEqual({ accepted: 1, rejected });
  });
});

import {
  agentMetric,
  agentUsage,
  alert,
  architecture,
  errorLog,
  generation,
  gitCommit,
  healthSample,
  llmCall,
  metricUsage,
  requestLog,
  taskEvent,
  techniqueUsage,
  toolCall,
} from '../../support/events.ts';
import type { TestApp } from '../../support/start-app.ts';
import type { Foreign, Named } from './bad-values.ts';
import type { Known } from './good-values.ts';

const NAMES = {
  agentId: 'agent-1',
  taskId: 'task-1',
  metricId: 'revenue',
  alertId: 'alert-1',
  ruleId: 'rule-1',
  sloId: 'slo-1',
  boardId: 'board-1',
  path: '/models',
  webhookId: 'hook-1',
  generationId: 'generation-1',
  requestId: 'request-1',
  sessionId: 'session-1',
  repository: 'acme/shop',
  dataset: 'llmCalls',
  endpoint: '/chat',
  url: 'https://hooks.example.invalid/a',
  dimensions: ['provider'],
  measures: ['count'],
  groupBy: ['service'],
};

const ACTIVITY = {
  llmCalls: [llmCall({ requestId: NAMES.requestId, agentId: NAMES.agentId, taskId: NAMES.taskId })],
  requestLogs: [requestLog(NAMES.requestId, { agentId: NAMES.agentId, taskId: NAMES.taskId })],
  errorLogs: [errorLog({ requestId: NAMES.requestId })],
  generations: [generation(NAMES.generationId, { requestId: NAMES.requestId })],
  techniqueUsages: [techniqueUsage({ requestId: NAMES.requestId })],
  agentMetrics: [agentMetric(NAMES.agentId)],
  taskEvents: [taskEvent(NAMES.taskId, { agentId: NAMES.agentId })],
  gitCommits: [gitCommit(1, { agentId: NAMES.agentId })],
  healthSamples: [healthSample()],
  toolCalls: [toolCall({ agentId: NAMES.agentId, sessionId: NAMES.sessionId })],
  agentUsage: [agentUsage({ agentId: NAMES.agentId, sessionId: NAMES.sessionId })],
};

const SEED = `mutation (
  $activity: ActivityInput!, $alert: RaiseAlertInput!, $architecture: SaveArchitectureInput!
  $usages: [MetricUsageInput!]!
) {
  recordActivity(input: $activity) { rejected { message } }
  raiseAlert(input: $alert) { created }
  saveArchitecture(input: $architecture) { created }
  createMetric(input: { metricId: "revenue", name: "Revenue" }) { metric { id } }
  recordMetricUsages(input: $usages) { rejected { message } }
  createAlertRule(input: {
    ruleId: "rule-1", name: "Calls", type: SYSTEM, dataset: "llmCalls", aggregate: COUNT, comparator: GT
    warning: 1000, window: "PT1H"
  }) { rule { id } }
  createSlo(input: { sloId: "slo-1", name: "Calls succeed", dataset: "llmCalls", objective: 0.9 }) { slo { id } }
  createBoard(input: { boardId: "board-1", name: "Calls" }) { board { id } }
  createWebhook(input: { webhookId: "hook-1", url: "https://hooks.example.invalid/a" }) { webhook { id } }
  addValidationTest(input: {
    metricId: "revenue", testType: GRAPHQL, testQuery: "{ __typename }", expectedResult: { __typename: "Query" }
  }) { test { id } }
}`;

const LISTS = `{
  llmCalls { edges { cursor node { id } } }
  metrics(orderBy: { field: NAME, direction: ASC }) { edges { cursor node { id } } }
  alerts { edges { cursor node { id } } }
}`;

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
}

/** Stores one entity of each type, so that bad values meet rows. */
export async function seed(running: TestApp): Promise<{ readonly known: Known; readonly foreign: Foreign }> {
  const { addValidationTest } = await running.query<{ addValidationTest: { test: { id: string } } }>(SEED, {
    activity: ACTIVITY,
    alert: alert(NAMES.alertId),
    architecture: architecture(NAMES.generationId),
    usages: [metricUsage({ metricId: NAMES.metricId })],
  });
  const lists = Object.values(await running.query<Record<string, Page>>(LISTS));
  const edges = lists.flatMap(({ edges: own }) => own);
  return {
    known: { ...NAMES, id: addValidationTest.test.id },
    foreign: {
      cursors: [...edges.map(({ cursor }): Named => ['the cursor of another list', cursor]), ...FORGED],
      ids: [...edges.map(({ node }): Named => ['the id of another type', node.id]), ...IDS],
    },
  };
}

const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const ROW = '00000000-0000-7000-8000-000000000001';

const FORGED: readonly Named[] = [
  ['a cursor of a time far away', forge('timestamp', 'desc', 8.64e15, ROW)],
  ['a cursor of a time before all', forge('timestamp', 'desc', -8.64e15, ROW)],
  ['a cursor of a time that is a text', forge('timestamp', 'desc', "1'; --", ROW)],
  ['a cursor of no time', forge('timestamp', 'desc', null, ROW)],
  ['a cursor of an object', forge('timestamp', 'desc', { a: 1 }, ROW)],
  ['a cursor with a wrong id', forge('timestamp', 'desc', 1, "x'; --")],
  ['a cursor of another column', forge('__proto__', 'desc', 1, ROW)],
  ['a cursor of another direction', forge('timestamp', '; drop', 1, ROW)],
  ['a cursor that is no list', Buffer.from('{"length":4}').toString('base64url')],
  ['a cursor that is no base64', '*'.repeat(50)],
];

const IDS: readonly Named[] = [
  ['an id of no type', `Nope:${ROW}`],
  ['an id of a root type', `Query:${ROW}`],
  ['an id of an inherited name', `__proto__:${ROW}`],
  ['an id of a row that is not there', `LlmCall:${ROW}`],
  ['an id without a UUID', 'LlmCall:1'],
  ['an id of nothing', ':'],
];

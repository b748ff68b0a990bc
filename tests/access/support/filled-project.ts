import { createSchema } from '../../../src/schema.ts';
import { plantedEvents } from '../../retention/support/planted-events.ts';
import { alert, architecture, llmCall, requestLog, taskEvent } from '../../support/events.ts';
import { ago, NOW, type TestGraphQL } from '../../support/graphql.ts';

const SECOND = 1000;

/** The options for filling a project: it always has the same business keys. */
export interface Filling {
  readonly projectId: string;
  /** The number of items of each kind: events of each dataset, alerts, changes of a metric. */
  readonly count: number;
  /** The time of the newest event, in epoch milliseconds. */
  readonly at?: number;
  /** The number of the first event, from which keys are derived. Default: 1. */
  readonly first?: number;
}

/** Fills a project with events of each dataset. */
export async function record(
  { services: { ingest } }: TestGraphQL,
  { projectId, count, at = Date.parse(NOW) - SECOND, first = 1 }: Filling,
): Promise<void> {
  const instants = Array.from({ length: count }, (_, index) => at - index * SECOND);
  await ingest.record(projectId, plantedEvents(instants, first));
}

/** Fills a project with events of each dataset, and with states that contain its name. */
export async function fill(graphql: TestGraphQL, filling: Filling): Promise<void> {
  const { projectId: text, count } = filling;
  const own = { requestId: 'request-1', agentId: 'builder', taskId: 'task-1', service: text };
  await record(graphql, filling);
  const price = { provider: 'acme', model: 'large', input: count, output: count };
  await change(graphql, text, 'setPrice', price);
  graphql.services.otlpStatus.noteFailed({ projectId: text, signal: 'TRACES', batches: [] }, text);
  await change(graphql, text, 'recordLlmCalls', [llmCall(own)]);
  await change(graphql, text, 'recomputeCosts', { range: { last: 'P1D' } });
  await change(graphql, text, 'recordTaskEvents', [
    taskEvent('task-1', { eventType: 'ASSIGNED', assignedTo: text, timestamp: ago(600 * SECOND) }),
    taskEvent('task-1', { newStatus: text, timestamp: ago(900) }),
    taskEvent('task-1', { newStatus: 'done', timestamp: ago(count * 100) }),
  ]);
  await change(graphql, text, 'recordRequestLogs', slowRelease(text));
  await change(graphql, text, 'recordRagMetrics', [
    { timestamp: ago(500), totalPatterns: count, totalQueries: count, queryVolumeLastHour: count },
  ]);
  await change(graphql, text, 'saveArchitecture', architecture('generation-1', { name: `${text} shop` }));
  await change(graphql, text, 'createWebhook', { webhookId: 'pager', url: `https://${text}.example/hook` });
  await change(graphql, text, 'createAlertRule', {
    ...{ ruleId: 'slow', name: text, dataset: 'llmCalls', aggregate: 'COUNT', comparator: 'GT' },
    ...{ warning: 0, window: 'PT5M', webhooks: ['pager'] },
  });
  await change(graphql, text, 'createMetric', { metricId: 'revenue_total', name: `${text} shop` });
  const slo = { sloId: 'fast', name: text, dataset: 'llmCalls', objective: 0.5, metricId: 'revenue_total' };
  await change(graphql, text, 'createSlo', slo);
  await change(graphql, text, 'createSavedView', { name: text, path: '/models' });
  const panel = { title: text, kind: 'STAT', dataset: 'llmCalls', measures: ['count'] };
  await change(graphql, text, 'createBoard', { boardId: 'costs', name: text, panels: [panel] });
  const test = { metricId: 'revenue_total', testType: 'MANUAL', testQuery: text };
  await change(graphql, text, 'addValidationTest', test);
  await change(graphql, text, 'raiseAlert', alert('disk', { title: text }));
  for (let number = 1; number <= count; number++) {
    const owner = `${text}-${number}`;
    await change(graphql, text, 'updateMetric', { metricId: 'revenue_total', changedBy: text, owner });
    await change(graphql, text, 'raiseAlert', alert(`disk-${number}`, { title: text }));
    await change(graphql, text, 'createApiKey', { project: text, scopes: ['READ'], name: text });
  }
}

/** A release, and a slower one after it, with enough requests to compare them. */
function slowRelease(text: string): object[] {
  return Array.from({ length: 40 }, (_, number) =>
    requestLog(`compared-${number}`, {
      release: `${text}-${number < 20 ? 1 : 2}`,
      latencyMs: number < 20 ? 10 : 20,
      timestamp: ago((600 - number) * SECOND),
    }),
  );
}

/** Changes every state of a project that can be watched. */
export async function stir(graphql: TestGraphQL, text: string, overallStatus: string): Promise<void> {
  await change(graphql, text, 'recordAgentMetrics', [
    { agentId: 'builder', status: 'ACTIVE', currentTask: text, timestamp: ago(0) },
  ]);
  await change(graphql, text, 'recordHealthSamples', [{ overallStatus, service: text, timestamp: ago(0) }]);
  await change(graphql, text, 'recordTaskEvents', [
    taskEvent('task-2', { newStatus: text, timestamp: ago(0) }),
  ]);
  await change(graphql, text, 'raiseAlert', alert('stirred', { title: text }));
  await change(graphql, text, 'acknowledgeAlert', { alertId: 'stirred', acknowledgedBy: text });
}

/** Runs a mutation in a project. */
async function change(graphql: TestGraphQL, projectId: string, name: string, input: object): Promise<void> {
  const declared = createSchema()
    .getMutationType()
    ?.getFields()
    [name]?.args.find((arg) => arg.name === 'input');
  const source = `mutation ($input: ${declared?.type}) { ${name}(input: $input) { __typename } }`;
  await graphql.data(source, { input }, projectId);
}

import { datasets } from '../../../src/declarations/registry.ts';
import { plantedEvents } from '../../retention/support/planted-events.ts';
import { alert, architecture, llmCall } from '../../support/events.ts';
import { NOW, type TestGraphQL } from '../../support/graphql.ts';

const SECOND = 1000;

/** How a project is filled: under the same business keys as any other. */
export interface Filling {
  readonly projectId: string;
  /** Events of each dataset. */
  readonly events: number;
}

/** Inputs of mutations that make one of each state, with the name of the project as their text. */
const inputsOf = (text: string): Readonly<Record<string, object>> => ({
  saveArchitecture: architecture('generation-1', { name: text }),
  createMetric: { metricId: 'revenue_total', name: text },
  addValidationTest: { metricId: 'revenue_total', testType: 'MANUAL', testQuery: text },
  raiseAlert: alert('disk', { title: text }),
  createWebhook: { webhookId: 'pager', url: `https://${text}.example/hook` },
  createAlertRule: {
    ruleId: 'slow',
    name: text,
    dataset: 'llmCalls',
    aggregate: 'COUNT',
    comparator: 'GT',
    warning: 1,
    window: 'PT5M',
  },
});

/** Fills a project with events of each dataset and one of each state. */
export async function fill(graphql: TestGraphQL, { projectId, events }: Filling): Promise<void> {
  const { ingest } = graphql.services;
  const instants = Array.from({ length: events }, (_, index) => Date.parse(NOW) - (index + 1) * SECOND);
  await ingest.record(projectId, plantedEvents(instants, 1));
  const related = llmCall({
    requestId: 'request-1',
    agentId: 'builder',
    taskId: 'task-1',
    service: projectId,
  });
  const dataset = datasets.find(({ name }) => name === 'llmCalls');
  if (dataset !== undefined) await ingest.record(projectId, [{ dataset, events: [related] }]);
  for (const [mutation, input] of Object.entries(inputsOf(projectId))) {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
    await graphql.data(source, { input }, projectId);
  }
}

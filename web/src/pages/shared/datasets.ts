import type { DatasetName } from '../../generated/graphql.ts';

/**
 * The datasets of events, and the type of one event of each, from which the names of the API are
 * derived.
 */
const ENTITIES = {
  requestLogs: 'RequestLog',
  llmCalls: 'LlmCall',
  errorLogs: 'ErrorLog',
  generations: 'Generation',
  techniqueUsages: 'TechniqueUsage',
  toolCalls: 'ToolCall',
  metricUsages: 'MetricUsage',
  agentActivities: 'AgentActivity',
  agentMetrics: 'AgentMetric',
  agentUsage: 'AgentUsage',
  gitCommits: 'GitCommit',
  taskEvents: 'TaskEvent',
  healthSamples: 'HealthSample',
  ragMetrics: 'RagMetric',
} as const satisfies Readonly<Record<DatasetName, string>>;

export const DATASETS = Object.keys(ENTITIES) as readonly DatasetName[];

/** Whether a text, for example from an address, names a dataset. */
export const isDataset = (name: string): name is DatasetName => Object.hasOwn(ENTITIES, name);

/** The names of a dataset in the API. */
export function typesOf(dataset: DatasetName) {
  const event = ENTITIES[dataset];
  const field = `${event.charAt(0).toLowerCase()}${event.slice(1)}`;
  return {
    /** The type of one event, and the prefix of the names of its other types. */
    event,
    /** The query that computes numbers: `llmCallAnalytics`. */
    analytics: `${field}Analytics`,
    /** The subscription to new events: `llmCallRecorded`. */
    recorded: `${field}Recorded`,
    measure: `${event}Measure`,
    dimension: `${event}Dimension`,
    stats: `${event}Stats`,
    dimensions: `${event}Dimensions`,
  };
}

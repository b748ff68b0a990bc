/** The datasets of events, and the type of one event of each: the names of the API are made of it. */
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
} as const;

export type DatasetName = keyof typeof ENTITIES;

export const DATASETS = Object.keys(ENTITIES) as readonly DatasetName[];

export interface DatasetTypes {
  readonly stats: string;
  readonly dimensions: string;
}

/** The names of a dataset in the API; null if there is no such dataset. */
export function typesOf(dataset: string): DatasetTypes | null {
  const name = DATASETS.find((one) => one === dataset);
  if (name === undefined) return null;
  const entity = ENTITIES[name];
  return {
    stats: `${entity}Stats`,
    dimensions: `${entity}Dimensions`,
  };
}

import { sum } from './check-analytics.ts';

/** The number that a query counts, and its dataset. */
interface Count {
  readonly dataset: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any query
  readonly count: (answer: any) => number;
}

const total = (name: string) => (lines: readonly Readonly<Record<string, number>>[]) =>
  sum(lines.map((line) => line[name] as number));

/** Every query about a range is in this list or in the next one. */
export const COUNTS: Readonly<Record<string, Count>> = {
  agentMetricsDaily: { dataset: 'agentMetrics', count: total('samples') },
  commitActivity: { dataset: 'gitCommits', count: ({ commits }) => commits },
  errorGroups: { dataset: 'errorLogs', count: ({ groups }) => total('count')(groups) },
  latencySeries: { dataset: 'requestLogs', count: total('requests') },
  metricUsageStats: { dataset: 'metricUsages', count: ({ total }) => total },
  metricsByPeriod: { dataset: 'llmCalls', count: total('calls') },
  modelStats: { dataset: 'llmCalls', count: total('calls') },
  providerStats: { dataset: 'llmCalls', count: total('calls') },
  summary: { dataset: 'llmCalls', count: ({ llmCalls }) => llmCalls },
  taskVelocity: { dataset: 'taskEvents', count: total('completed') },
  techniqueStats: { dataset: 'techniqueUsages', count: total('uses') },
};

/** These show rows or values of rows, or count only events that belong to others. */
export const NOT_COUNTED: readonly string[] = [
  'agentCosts',
  'agentMetricsHistory',
  'endpointCosts',
  'latencyRises',
  'ragOverview',
  'sessions',
  'taskStatusTimes',
];

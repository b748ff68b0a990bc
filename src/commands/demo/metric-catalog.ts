/** A metric of the fictional company. */
export interface MetricSeed {
  /** How often it is used, relative to the others. */
  readonly weight: number;
  readonly metricId: string;
  readonly name: string;
  readonly description: string;
  readonly calculation: string;
  readonly owner: string;
  readonly dataSource: string;
  readonly tags: readonly string[];
  readonly dependencies: readonly string[];
  readonly trustScore: number;
}

/** The catalog. Each metric comes after the metrics that it depends on. */
export const METRICS: readonly MetricSeed[] = [
  {
    weight: 3,
    metricId: 'llm_calls',
    name: 'Model calls',
    description: 'Calls to language models, including failed calls and cache hits.',
    calculation: 'COUNT(llm_calls)',
    owner: '@ai-platform',
    dataSource: 'telltale: llmCalls',
    tags: ['ai', 'traffic'],
    dependencies: ['llmCalls.id'],
    trustScore: 98,
  },
  {
    weight: 6,
    metricId: 'llm_cost',
    name: 'Model cost',
    description: 'Cost of calls to language models, in USD. Excludes calls without a known price.',
    calculation: 'SUM(llm_calls.cost)',
    owner: '@ai-platform',
    dataSource: 'telltale: llmCalls',
    tags: ['ai', 'cost', 'financial'],
    dependencies: ['llmCalls.cost'],
    trustScore: 91,
  },
  {
    weight: 4,
    metricId: 'llm_cost_per_call',
    name: 'Cost per model call',
    description: 'Average cost of a call with a known price, in USD.',
    calculation: 'llm_cost / llm_calls',
    owner: '@ai-platform',
    dataSource: 'telltale: llmCalls',
    tags: ['ai', 'cost'],
    dependencies: ['llm_cost', 'llm_calls'],
    trustScore: 88,
  },
  {
    weight: 5,
    metricId: 'answer_latency_p95',
    name: 'Answer latency, 95th percentile',
    description: 'The 95th percentile of the latency of requests, in milliseconds.',
    calculation: 'PERCENTILE_CONT(0.95) OF request_logs.latency_ms',
    owner: '@sre',
    dataSource: 'telltale: requestLogs',
    tags: ['latency', 'slo'],
    dependencies: ['requestLogs.latencyMs'],
    trustScore: 95,
  },
  {
    weight: 5,
    metricId: 'success_rate',
    name: 'Success rate',
    description: 'Share of requests with a status below 400.',
    calculation: "COUNT(success) / COUNT(*) FROM request_logs WHERE environment = 'production'",
    owner: '@sre',
    dataSource: 'telltale: requestLogs',
    tags: ['slo', 'quality'],
    dependencies: ['requestLogs.success'],
    trustScore: 97,
  },
  {
    weight: 2,
    metricId: 'service_health',
    name: 'Service health',
    description: 'Composite score of a service. The success rate counts twice as much as latency.',
    calculation: '(2 * success_rate + latency_score(answer_latency_p95)) / 3',
    owner: '@sre',
    dataSource: 'derived',
    tags: ['slo'],
    dependencies: ['success_rate', 'answer_latency_p95'],
    trustScore: 74,
  },
  {
    weight: 6,
    metricId: 'revenue_total',
    name: 'Total revenue',
    description: 'Sum of all completed transactions, in USD.',
    calculation: "SUM(amount) FROM transactions WHERE status = 'completed'",
    owner: '@revenue-team',
    dataSource: 'warehouse: transactions',
    tags: ['revenue', 'financial'],
    dependencies: ['transactions.amount', 'transactions.status'],
    trustScore: 75,
  },
  {
    weight: 3,
    metricId: 'gross_margin',
    name: 'Gross margin after model cost',
    description: 'Share of the revenue that remains after model cost.',
    calculation: '(revenue_total - llm_cost) / revenue_total',
    owner: '@revenue-team',
    dataSource: 'derived',
    tags: ['revenue', 'financial', 'cost'],
    dependencies: ['revenue_total', 'llm_cost'],
    trustScore: 70,
  },
  {
    weight: 1,
    metricId: 'diagram_success_rate',
    name: 'Diagram success rate',
    description: 'Share of diagram generations that produced an architecture.',
    calculation: 'COUNT(success) / COUNT(*) FROM generations',
    owner: '@studio',
    dataSource: 'telltale: generations',
    tags: ['ai', 'quality', 'diagrams'],
    dependencies: ['generations.success'],
    trustScore: 90,
  },
];

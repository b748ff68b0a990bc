/**
 * The imagined company's catalog of metrics, in an order in which each one's dependencies come
 * before it.
 */
export interface MetricSeed {
  /** How often it is used. */
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

export const METRICS: readonly MetricSeed[] = [
  {
    weight: 3,
    metricId: 'llm_calls',
    name: 'Model calls',
    description: 'Calls to language models, failed ones and those that a cache answered included.',
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
    description: 'What calls to language models cost, in USD. Calls without a known price are left out.',
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
    description: 'Mean cost of a call whose price is known.',
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
    description: 'Share of the requests with a status below 400.',
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
    description: 'One number for the state of a service: success weighs twice as much as latency.',
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
    description: 'All completed transactions, in USD.',
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
    description: 'What is left of the revenue when the models are paid.',
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
    description: 'Share of the diagram generations that produced an architecture.',
    calculation: 'COUNT(success) / COUNT(*) FROM generations',
    owner: '@studio',
    dataSource: 'telltale: generations',
    tags: ['ai', 'quality', 'diagrams'],
    dependencies: ['generations.success'],
    trustScore: 90,
  },
];

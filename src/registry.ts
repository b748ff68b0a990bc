import type { Dataset } from './core/dataset/dataset.ts';
import type { RecordTable } from './core/dataset/record.ts';
import { agentActivities } from './domains/agents/agent-activities/definition.ts';
import { agentMetrics } from './domains/agents/agent-metrics/definition.ts';
import { agents } from './domains/agents/agents/definition.ts';
import { gitCommits } from './domains/agents/git-commits/definition.ts';
import { taskEvents } from './domains/agents/task-events/definition.ts';
import { tasks } from './domains/agents/tasks/definition.ts';
import { alertDeliveries } from './domains/alerts/alert-deliveries/definition.ts';
import { alertRules } from './domains/alerts/alert-rules/definition.ts';
import { alerts } from './domains/alerts/alerts/definition.ts';
import { webhooks } from './domains/alerts/webhooks/definition.ts';
import { metricChanges } from './domains/catalog/metric-changes/definition.ts';
import { metricUsages } from './domains/catalog/metric-usages/definition.ts';
import { metrics } from './domains/catalog/metrics/definition.ts';
import { validationTests } from './domains/catalog/validation-tests/definition.ts';
import { architectures } from './domains/generations/architectures/definition.ts';
import { generations } from './domains/generations/generations/definition.ts';
import { healthSamples } from './domains/health/health-samples/definition.ts';
import { ragMetrics } from './domains/health/rag-metrics/definition.ts';
import { llmCalls } from './domains/llm/llm-calls/definition.ts';
import { techniqueUsages } from './domains/llm/technique-usages/definition.ts';
import { errorLogs } from './domains/traffic/error-logs/definition.ts';
import { requestLogs } from './domains/traffic/request-logs/definition.ts';

/** Every dataset of the server, in the order in which `recordActivity` stores them. */
export const datasets: readonly Dataset[] = [
  requestLogs,
  llmCalls,
  techniqueUsages,
  errorLogs,
  generations,
  metricUsages,
  agentMetrics,
  agentActivities,
  taskEvents,
  gitCommits,
  healthSamples,
  ragMetrics,
];

/** Every record of the server that has lists and nodes. */
export const records: readonly RecordTable[] = [
  architectures,
  metrics,
  metricChanges,
  validationTests,
  agents,
  tasks,
  alerts,
  alertRules,
  webhooks,
  alertDeliveries,
];

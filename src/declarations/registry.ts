import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import { agentActivities } from './agents/agent-activities.ts';
import { agentMetrics } from './agents/agent-metrics.ts';
import { agentUsage } from './agents/agent-usage.ts';
import { agents } from './agents/agents.ts';
import { gitCommits } from './agents/git-commits.ts';
import { sessions } from './agents/sessions.ts';
import { taskEvents } from './agents/task-events.ts';
import { tasks } from './agents/tasks.ts';
import { toolCalls } from './agents/tool-calls.ts';
import { alertDeliveries } from './alerts/alert-deliveries.ts';
import { alertRules } from './alerts/alert-rules.ts';
import { alerts } from './alerts/alerts.ts';
import { webhooks } from './alerts/webhooks.ts';
import { metricChanges } from './catalog/metric-changes.ts';
import { metricUsages } from './catalog/metric-usages.ts';
import { metrics } from './catalog/metrics.ts';
import { slos } from './catalog/slos.ts';
import { validationTests } from './catalog/validation-tests.ts';
import { architectures } from './generations/architectures.ts';
import { generations } from './generations/generations.ts';
import { healthSamples } from './health/health-samples.ts';
import { ragMetrics } from './health/rag-metrics.ts';
import { costCorrections } from './llm/cost-corrections.ts';
import { llmCalls } from './llm/llm-calls.ts';
import { projectPrices } from './llm/project-prices.ts';
import { techniqueUsages } from './llm/technique-usages.ts';
import { errorLogs } from './traffic/error-logs.ts';
import { requestLogs } from './traffic/request-logs.ts';
import { boards } from './views/boards.ts';
import { savedViews } from './views/saved-views.ts';

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
  toolCalls,
  agentUsage,
];

/** Every state of the server that has lists and nodes. */
export const states: readonly StateTable[] = [
  architectures,
  metrics,
  metricChanges,
  validationTests,
  slos,
  projectPrices,
  costCorrections,
  agents,
  tasks,
  sessions,
  alerts,
  alertRules,
  webhooks,
  alertDeliveries,
  savedViews,
  boards,
];

import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { datasets, states } from './declarations/registry.ts';
import { requestLogs } from './declarations/traffic/request-logs.ts';
import { addApiKeys } from './domains/admin/api-keys/api-keys.ts';
import { addApiKeyMutations } from './domains/admin/api-keys/change-api-keys.ts';
import { addBackups } from './domains/admin/backups/backups.ts';
import { addDefaultQuotas } from './domains/admin/default-quotas/default-quotas.ts';
import { addIntegrity } from './domains/admin/integrity/integrity.ts';
import { addTables } from './domains/admin/integrity/tables.ts';
import { addOtlpStatus } from './domains/admin/otlp-status/otlp-status.ts';
import { addProjectMutations } from './domains/admin/projects/change-projects.ts';
import { addProjects } from './domains/admin/projects/projects.ts';
import { addCreateReadToken } from './domains/admin/read-tokens/create-read-token.ts';
import { addRetentionMutations } from './domains/admin/retention-policies/change-policies.ts';
import { addRetentionPolicies } from './domains/admin/retention-policies/retention-policies.ts';
import { addRetentionRuns } from './domains/admin/retention-runs/retention-runs.ts';
import { addSchemaVersion } from './domains/admin/schema-version/schema-version.ts';
import { addViewer } from './domains/admin/viewer/viewer.ts';
import { addAgentCosts } from './domains/agents/agent-costs/agent-costs.ts';
import { addAgentMetricsHistory } from './domains/agents/agent-metrics/history.ts';
import { addAgentMetricsDaily } from './domains/agents/agent-metrics-daily/agent-metrics-daily.ts';
import { addAgentActivity } from './domains/agents/agents/activity.ts';
import { addAgents } from './domains/agents/agents/agent.ts';
import { addAgentLive } from './domains/agents/agents/live.ts';
import { addCommitActivity } from './domains/agents/commit-activity/commit-activity.ts';
import { addCommitMarkers } from './domains/agents/commit-markers/commit-markers.ts';
import { addSessions } from './domains/agents/sessions/session.ts';
import { addSessionTools } from './domains/agents/sessions/tools.ts';
import { addTaskBoard } from './domains/agents/task-board/task-board.ts';
import { addTaskStatusTimes } from './domains/agents/task-status-times/task-status-times.ts';
import { addTaskVelocity } from './domains/agents/task-velocity/task-velocity.ts';
import { addTask } from './domains/agents/tasks/task.ts';
import { addWork } from './domains/agents/work/work.ts';
import { addAlertDeliveries } from './domains/alerts/alert-deliveries/alert-deliveries.ts';
import { addCreateAlertRule } from './domains/alerts/alert-rules/create.ts';
import { addDeleteAlertRule } from './domains/alerts/alert-rules/delete.ts';
import { addEnableAlertRule } from './domains/alerts/alert-rules/enable.ts';
import { addAlertRulePreview } from './domains/alerts/alert-rules/preview.ts';
import { addRuleStates } from './domains/alerts/alert-rules/states.ts';
import { addUpdateAlertRule } from './domains/alerts/alert-rules/update.ts';
import { addAcknowledgeAlert } from './domains/alerts/alerts/acknowledge.ts';
import { addAlert } from './domains/alerts/alerts/alert.ts';
import { addAlertCounts } from './domains/alerts/alerts/counts.ts';
import { addAlertLive } from './domains/alerts/alerts/live.ts';
import { addRaiseAlert } from './domains/alerts/alerts/raise.ts';
import { addResolveAlert } from './domains/alerts/alerts/resolve.ts';
import { addAnnotations } from './domains/alerts/annotations/annotations.ts';
import { addCreateWebhook } from './domains/alerts/webhooks/create.ts';
import { addDeleteWebhook } from './domains/alerts/webhooks/delete.ts';
import { addRotateWebhookSecret } from './domains/alerts/webhooks/rotate-secret.ts';
import { addSendTestAlert } from './domains/alerts/webhooks/send-test.ts';
import { addUpdateWebhook } from './domains/alerts/webhooks/update.ts';
import { addWebhook } from './domains/alerts/webhooks/webhook.ts';
import { addMetricUsage } from './domains/catalog/metric-usages/metric-usage.ts';
import { addCreateMetric } from './domains/catalog/metrics/create.ts';
import { addDeleteMetric } from './domains/catalog/metrics/delete.ts';
import { addDependents } from './domains/catalog/metrics/dependents.ts';
import { addDependencyGraph } from './domains/catalog/metrics/graph.ts';
import { addMetric } from './domains/catalog/metrics/metric.ts';
import { addRevertMetric } from './domains/catalog/metrics/revert.ts';
import { addUpdateMetric } from './domains/catalog/metrics/update.ts';
import { addCreateSlo } from './domains/catalog/slos/create.ts';
import { addDeleteSlo } from './domains/catalog/slos/delete.ts';
import { addSlo } from './domains/catalog/slos/slo.ts';
import { addUpdateSlo } from './domains/catalog/slos/update.ts';
import { addAddValidationTest } from './domains/catalog/validation-tests/add.ts';
import { addDeleteValidationTest } from './domains/catalog/validation-tests/delete.ts';
import { addRecordValidationResult } from './domains/catalog/validation-tests/result.ts';
import { addRunValidationTest } from './domains/catalog/validation-tests/run.ts';
import { addUpdateValidationTest } from './domains/catalog/validation-tests/update.ts';
import { addArchitecture } from './domains/generations/architectures/architecture.ts';
import { addDeleteArchitecture } from './domains/generations/architectures/delete.ts';
import { addSaveArchitecture } from './domains/generations/architectures/save.ts';
import { addMetricsByPeriod } from './domains/generations/metrics-by-period/metrics-by-period.ts';
import { addHealth } from './domains/health/health/health.ts';
import { addRagOverview } from './domains/health/rag-overview/rag-overview.ts';
import { addModelStats } from './domains/llm/model-stats/model-stats.ts';
import { addDeletePrice } from './domains/llm/prices/delete.ts';
import { addPrices } from './domains/llm/prices/prices.ts';
import { addRecomputeCosts } from './domains/llm/prices/recompute.ts';
import { addSetPrice } from './domains/llm/prices/set.ts';
import { addTechniqueStats } from './domains/llm/technique-stats/technique-stats.ts';
import { addEndpointCosts } from './domains/traffic/endpoint-costs/endpoint-costs.ts';
import { addErrorGroups } from './domains/traffic/error-groups/error-groups.ts';
import { addLatencyRises } from './domains/traffic/latency-rises/latency-rises.ts';
import { addLatencySeries } from './domains/traffic/latency-series/latency-series.ts';
import { addSummaryLive } from './domains/traffic/summary/live.ts';
import { addSummaryQuery } from './domains/traffic/summary/summary.ts';
import { addBoard } from './domains/views/boards/board.ts';
import { addCreateBoard } from './domains/views/boards/create.ts';
import { addDeleteBoard } from './domains/views/boards/delete.ts';
import { addUpdateBoard } from './domains/views/boards/update.ts';
import { addCreateSavedView } from './domains/views/saved-views/create.ts';
import { addDeleteSavedView } from './domains/views/saved-views/delete.ts';
import { addUpdateSavedView } from './domains/views/saved-views/update.ts';
import { createBuilder } from './graphql/builder.ts';
import { addKeyQuery, isKeyed } from './graphql/entities/key-query.ts';
import { withPlainIds } from './graphql/entities/plain-ids.ts';
import { addDataset } from './graphql/events/dataset-fields.ts';
import { addRecordActivity } from './graphql/events/record-mutations.ts';
import { expectModels } from './graphql/expect-models.ts';
import { addTable } from './graphql/flat/table.ts';
import { addTimeseries } from './graphql/flat/timeseries.ts';
import { addMonthForecast } from './graphql/formulas/month-forecast.ts';
import { addRatio } from './graphql/formulas/ratio.ts';
import { addListQuery } from './graphql/lists/list.ts';
import { addRequestRelations } from './graphql/relations/relations.ts';
import { addSearchQuery } from './graphql/search/search.ts';
import { createTypeRegistry, type TypeRegistry } from './graphql/type-registry.ts';

/** Parts of single entities or families. A new query, mutation or subscription is one line here. */
const SPECIAL: readonly ((types: TypeRegistry) => void)[] = [
  // traffic
  addSummaryQuery,
  addSummaryLive,
  addLatencySeries,
  addLatencyRises,
  addErrorGroups,
  addEndpointCosts,
  // llm
  addModelStats,
  addPrices,
  addSetPrice,
  addDeletePrice,
  addRecomputeCosts,
  addTechniqueStats,
  // generations
  addArchitecture,
  addSaveArchitecture,
  addDeleteArchitecture,
  addMetricsByPeriod,
  // health
  addHealth,
  addRagOverview,
  // catalog
  addMetric,
  addDependents,
  addDependencyGraph,
  addCreateMetric,
  addUpdateMetric,
  addRevertMetric,
  addDeleteMetric,
  addMetricUsage,
  addAddValidationTest,
  addUpdateValidationTest,
  addDeleteValidationTest,
  addRecordValidationResult,
  addRunValidationTest,
  addSlo,
  addCreateSlo,
  addUpdateSlo,
  addDeleteSlo,
  // admin
  addProjects,
  addProjectMutations,
  addApiKeys,
  addDefaultQuotas,
  addApiKeyMutations,
  addCreateReadToken,
  addRetentionPolicies,
  addRetentionMutations,
  addRetentionRuns,
  addSchemaVersion,
  addBackups,
  addIntegrity,
  addTables,
  addOtlpStatus,
  addViewer,
  // views
  addCreateSavedView,
  addUpdateSavedView,
  addDeleteSavedView,
  addBoard,
  addCreateBoard,
  addUpdateBoard,
  addDeleteBoard,
  // agents
  addAgents,
  addAgentActivity,
  addAgentLive,
  addAgentMetricsHistory,
  addAgentMetricsDaily,
  addCommitActivity,
  addCommitMarkers,
  addTask,
  addSessions,
  addSessionTools,
  addTaskBoard,
  addTaskVelocity,
  addTaskStatusTimes,
  addAgentCosts,
  addWork,
  // alerts
  addAlert,
  addAlertCounts,
  addRaiseAlert,
  addAcknowledgeAlert,
  addResolveAlert,
  addAlertLive,
  addAlertDeliveries,
  addWebhook,
  addCreateWebhook,
  addUpdateWebhook,
  addRotateWebhookSecret,
  addDeleteWebhook,
  addSendTestAlert,
  addRuleStates,
  addCreateAlertRule,
  addUpdateAlertRule,
  addEnableAlertRule,
  addDeleteAlertRule,
  addAlertRulePreview,
  addAnnotations,
];

let schema: GraphQLSchema | undefined;

/** The whole GraphQL schema. It contains no state of a server, so a process builds it once. */
export function createSchema(): GraphQLSchema {
  schema ??= buildSchema();
  return schema;
}

/** Adds what all datasets have in common, then the special parts. */
function buildSchema(): GraphQLSchema {
  expectModels([...datasets, ...states]);
  const types = createTypeRegistry(createBuilder(), datasets, states);
  for (const dataset of datasets) addDataset(types, dataset);
  for (const state of states) {
    if (!state.ownList) addListQuery(types, state);
    if (isKeyed(state)) addKeyQuery(types, state);
    if (state.searched !== undefined) addSearchQuery(types, state);
  }
  addRatio(types);
  addMonthForecast(types);
  addTimeseries(types);
  addTable(types);
  addRecordActivity(types);
  addRequestRelations(types, requestLogs);
  for (const add of SPECIAL) add(types);
  return withPlainIds(types.builder.toSchema());
}

/**
 * The schema in SDL, sorted, so that two versions can be compared line by line. Ends with a
 * newline.
 */
export function printSchemaSDL(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}

import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { addBackups } from './domains/admin/backups/node.ts';
import { addRetentionPolicies } from './domains/admin/retention-policies/node.ts';
import { addRetentionMutations } from './domains/admin/retention-policies/record.ts';
import { addSchemaVersion } from './domains/admin/schema-version/node.ts';
import { addAgentMetricsHistory } from './domains/agents/agent-metrics/history.ts';
import { addAgentMetricsDaily } from './domains/agents/agent-metrics-daily/node.ts';
import { addAgentActivity } from './domains/agents/agents/activity.ts';
import { addAgentLive } from './domains/agents/agents/live.ts';
import { addAgents } from './domains/agents/agents/node.ts';
import { addCommitActivity } from './domains/agents/commit-activity/node.ts';
import { addCommitMarkers } from './domains/agents/commit-markers/node.ts';
import { addTaskBoard } from './domains/agents/task-board/node.ts';
import { addTaskStatusTimes } from './domains/agents/task-status-times/node.ts';
import { addTaskVelocity } from './domains/agents/task-velocity/node.ts';
import { addTask } from './domains/agents/tasks/node.ts';
import { addWork } from './domains/agents/work/node.ts';
import { addAlertDeliveries } from './domains/alerts/alert-deliveries/node.ts';
import { addAlertRules } from './domains/alerts/alert-rules/alert-rules.ts';
import { addAlertRulePreview } from './domains/alerts/alert-rules/preview.ts';
import { addAlerts } from './domains/alerts/alerts/alerts.ts';
import { addWebhooks } from './domains/alerts/webhooks/webhooks.ts';
import { addMetricUsage } from './domains/catalog/metric-usages/node.ts';
import { addMetrics } from './domains/catalog/metrics/metrics.ts';
import { addValidationTests } from './domains/catalog/validation-tests/validation-tests.ts';
import { addArchitectures } from './domains/generations/architectures/architectures.ts';
import { addMetricsByPeriod } from './domains/generations/metrics-by-period/node.ts';
import { addHealth } from './domains/health/health/node.ts';
import { addRagOverview } from './domains/health/rag-overview/node.ts';
import { addModelStats } from './domains/llm/model-stats/node.ts';
import { addTechniqueStats } from './domains/llm/technique-stats/node.ts';
import { addErrorGroups } from './domains/traffic/error-groups/node.ts';
import { addLatencySeries } from './domains/traffic/latency-series/node.ts';
import { requestLogs } from './domains/traffic/request-logs/definition.ts';
import { addSummaryLive } from './domains/traffic/summary/live.ts';
import { addSummaryQuery } from './domains/traffic/summary/node.ts';
import { createBuilder } from './graphql/builder.ts';
import { addDataset } from './graphql/dataset/dataset.ts';
import { addListQuery } from './graphql/dataset/list.ts';
import { createParts } from './graphql/dataset/parts.ts';
import { addRecordActivity } from './graphql/dataset/record.ts';
import { addRequestRelations } from './graphql/dataset/relations.ts';
import { addSearchQuery } from './graphql/dataset/search.ts';
import { expectModels } from './graphql/expect-models.ts';
import { addNodeQueries } from './graphql/node.ts';
import { datasets, records } from './registry.ts';

let schema: GraphQLSchema | undefined;

/** The whole GraphQL schema. It holds nothing of a server, so a process makes it once. */
export function createSchema(): GraphQLSchema {
  schema ??= buildSchema();
  return schema;
}

/** What every dataset has alike, then what is special. */
function buildSchema(): GraphQLSchema {
  expectModels([...datasets, ...records]);
  const parts = createParts(createBuilder(), datasets, records);
  for (const dataset of datasets) addDataset(parts, dataset);
  for (const record of records) {
    if (!record.ownList) addListQuery(parts, record);
    if (record.searched !== undefined) addSearchQuery(parts, record);
  }
  addRecordActivity(parts);
  addNodeQueries(parts);
  addRequestRelations(parts, requestLogs);
  addSummaryQuery(parts);
  addSummaryLive(parts);
  addLatencySeries(parts);
  addErrorGroups(parts);
  addModelStats(parts);
  addTechniqueStats(parts);
  addArchitectures(parts);
  addMetricsByPeriod(parts);
  addHealth(parts);
  addRagOverview(parts);
  addMetrics(parts);
  addMetricUsage(parts);
  addValidationTests(parts);
  addRetentionPolicies(parts);
  addRetentionMutations(parts);
  addSchemaVersion(parts);
  addBackups(parts);
  addAgents(parts);
  addAgentActivity(parts);
  addAgentLive(parts);
  addAgentMetricsHistory(parts);
  addAgentMetricsDaily(parts);
  addCommitActivity(parts);
  addCommitMarkers(parts);
  addTask(parts);
  addTaskBoard(parts);
  addTaskVelocity(parts);
  addTaskStatusTimes(parts);
  addWork(parts);
  addAlerts(parts);
  addAlertDeliveries(parts);
  addWebhooks(parts);
  addAlertRules(parts);
  addAlertRulePreview(parts);
  return parts.builder.toSchema();
}

/** The schema in its language, sorted, so that two of them can be compared line by line. Ends with a newline. */
export function printSchemaSDL(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}

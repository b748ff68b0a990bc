import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { healthSamples } from '../../../declarations/health/health-samples.ts';
import { ragMetrics } from '../../../declarations/health/rag-metrics.ts';
import { noWebhooks, storeAlert } from './agent-alerts.ts';
import { from, type LegacySource, readFrom } from './source.ts';

/** A column without a unit may hold a number of bytes, which is not a percentage. */
const readPercent = (value: unknown) => (Number(value) > 100 ? undefined : value);

/**
 * A dashboard of coding agents. Its database does not contain its files, nor what it held in
 * memory.
 */
export const agentDashboard: LegacySource = {
  name: 'agent-monitoring',
  title: 'Agent Monitoring Dashboard (dashboard.db)',
  signature: {
    agent_metrics: ['agent_id', 'timestamp', 'status', 'uncommitted_changes'],
    task_events: ['task_id', 'event_type', 'timestamp'],
  },
  tables: [
    {
      table: 'agent_metrics',
      into: agentMetrics,
      identity: ['agent_id', 'timestamp'],
      fields: {},
      ignored: ['created_at'],
    },
    { table: 'task_events', into: taskEvents, identity: ['task_id', 'timestamp'], fields: {} },
    {
      table: 'git_commits',
      into: gitCommits,
      identity: [],
      fields: {
        timestamp: from('commit_timestamp'),
        commitHash: readFrom('commit_hash', (hash) => String(hash).toLowerCase()),
        message: readFrom('message', (message) => message ?? ''),
        branch: readFrom('branch', (branch) => branch ?? 'unknown'),
      },
      ignored: ['recorded_at'],
    },
    {
      table: 'system_health',
      into: healthSamples,
      identity: ['timestamp'],
      fields: {
        apiLatencyMs: from('api_latency'),
        cpuUsage: readFrom('cpu_usage', readPercent),
        memoryUsage: readFrom('memory_usage', readPercent),
        diskUsage: readFrom('disk_usage', readPercent),
      },
    },
    {
      table: 'rag_metrics',
      into: ragMetrics,
      identity: ['timestamp'],
      fields: { averageResponseTimeMs: from('average_response_time') },
    },
    {
      table: 'alerts',
      into: alerts,
      fields: { raisedAt: from('created_at') },
      ignored: ['acknowledged', 'acknowledged_by', 'acknowledged_at', 'resolved', 'resolved_at'],
      prevents: noWebhooks,
      store: storeAlert,
    },
  ],
  leftOut: {
    schema_version: 'The versions of its own tables.',
    agent_metrics_daily: 'Averages of agent_metrics, which the server computes itself.',
  },
};

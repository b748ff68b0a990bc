import { enumeration, float, integer, text, timestamp } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { AGENT_STATUSES } from './agent-status.ts';
import { agents } from './agents.ts';

/**
 * What agents report about themselves, every few seconds or minutes (source 4, `agent_metrics`).
 */
export const agentMetrics = defineDataset({
  name: 'agentMetrics',
  entity: 'AgentMetric',
  table: 'agent_metrics',
  description:
    'The state that a coding agent reported at one instant: its status, its task, its resource use.',
  columns: {
    agentId: text({
      verbatim: true,
      role: 'dimension',
      description: 'Identifies the agent, for example "builder".',
    }),
    status: enumeration('AgentStatus', AGENT_STATUSES, {
      role: 'dimension',
      description: 'What the agent is doing.',
    }),
    currentTask: text({ optional: true, description: 'The task that the agent works on, by id or title.' }),
    cpuUsage: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Processor time in percent of one core: more than 100 on several.',
    }),
    memoryUsage: float({ role: 'measure', optional: true, description: 'Memory in bytes.' }),
    memoryPercent: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      max: 100,
      description: 'Memory in percent of the machine.',
    }),
    uncommittedChanges: integer({
      role: 'measure',
      default: 0,
      description: 'Number of files with uncommitted changes. Default: 0.',
    }),
    uptimeSeconds: float({
      role: 'measure',
      optional: true,
      description: 'How long the process has been running, in seconds.',
    }),
    lastActivity: timestamp({ optional: true, description: 'When the agent last did something.' }),
    branch: text({ role: 'dimension', optional: true, description: 'The branch that the agent works on.' }),
  },
  indexed: ['agentId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['agentId'] },
    { dimensions: ['agentId', 'status'] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['agentId', 'status', 'branch', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  retention: { rows: 30, HOUR: 90, DAY: 365 },
  projections: [
    {
      state: agents,
      key: 'agentId',
      columns: {
        reportedStatus: { from: 'status' },
        currentTask: { from: 'currentTask' },
        branch: { from: 'branch' },
        cpuUsage: { from: 'cpuUsage' },
        memoryUsage: { from: 'memoryUsage' },
        memoryPercent: { from: 'memoryPercent' },
        uncommittedChanges: { from: 'uncommittedChanges' },
        uptimeSeconds: { from: 'uptimeSeconds' },
        lastActivity: { from: 'lastActivity' },
        service: { from: 'service' },
        environment: { from: 'environment' },
      },
    },
  ],
});

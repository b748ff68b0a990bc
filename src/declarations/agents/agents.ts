import { enumeration, float, integer, text, timestamp } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import type { Filter } from '../../core/filter.ts';
import { AGENT_STATUSES } from './agent-status.ts';

export type AgentStatus = keyof typeof AGENT_STATUSES;

/**
 * The current state of agents (source 4, the cache `agents:{agent_id}:status`), kept up to date
 * from their metrics.
 */
export const agents = defineState({
  name: 'agents',
  entity: 'Agent',
  table: 'agents',
  description:
    'A coding agent, as its newest metrics show it. `createdAt` is the time of its first report, ' +
    '`updatedAt` that of its last. Both follow the agent’s clock, but are never later than the ' +
    'time when the server received the report. If the agent’s clock is behind, they follow the ' +
    'server’s clock. The server detects this from the second report within 15 minutes, because ' +
    'such reports arrive as far apart as their timestamps are. Reports that are imported or resent ' +
    'late keep their own timestamps.',
  naturalKey: 'agentId',
  byKey: {
    description: 'The current state of an agent, from its stored metrics; null if it has never sent any.',
    key: 'The id that the agent reports.',
  },
  ownList: true,
  columns: {
    agentId: text({ sortable: true, description: 'Identifies the agent, for example "builder".' }),
    reportedStatus: enumeration('AgentStatus', AGENT_STATUSES, {
      description: 'The status that the agent last reported; `status` also takes silence into account.',
    }),
    currentTask: text({ optional: true, description: 'The task that the agent works on, by id or title.' }),
    branch: text({ optional: true, description: 'The branch that the agent works on.' }),
    cpuUsage: float({
      optional: true,
      sortable: true,
      description: 'Processor time in percent of one core.',
    }),
    memoryUsage: float({ optional: true, description: 'Memory in bytes.' }),
    memoryPercent: float({
      optional: true,
      sortable: true,
      max: 100,
      description: 'Memory in percent of the machine.',
    }),
    uncommittedChanges: integer({ description: 'Number of files with uncommitted changes.' }),
    uptimeSeconds: float({
      optional: true,
      description: 'How long the process has been running, in seconds.',
    }),
    lastActivity: timestamp({
      optional: true,
      description: 'When the agent last did something, as it reports.',
    }),
    service: text({ optional: true, description: 'The service that reported it.' }),
    environment: text({
      optional: true,
      description: 'The deployment environment, for example "production".',
    }),
  },
});

/** What an agent last reported, and when (epoch milliseconds). */
export interface ReportedAgent<Status> {
  readonly reportedStatus: Status;
  readonly updatedAt: number;
}

/**
 * The status of an agent at an instant: the one that it last reported, or OFFLINE if it has been
 * silent for longer than `offlineMs`.
 */
export function agentStatusAt<Status extends string>(
  { reportedStatus, updatedAt }: ReportedAgent<Status>,
  now: number,
  offlineMs: number,
): Status | 'OFFLINE' {
  return updatedAt < now - offlineMs ? 'OFFLINE' : reportedStatus;
}

/** Matches the agents for which `agentStatusAt` returns one of these statuses, which may repeat. */
export function agentStatusFilter(statuses: readonly string[], now: number, offlineMs: number): Filter {
  const test = { kind: 'test', negated: false } as const;
  const reportedSince = now - offlineMs;
  // A client may send a list of a thousand, too many tests for SQLite.
  const reported = [...new Set(statuses)].map(
    (value): Filter => ({ ...test, field: 'reportedStatus', operator: 'eq', value }),
  );
  const recent: Filter = { ...test, field: 'updatedAt', operator: 'gte', value: reportedSince };
  const silent: Filter = { ...test, field: 'updatedAt', operator: 'lt', value: reportedSince };
  return {
    kind: 'or',
    all: [
      { kind: 'and', all: [recent, { kind: 'or', all: reported }] },
      ...(statuses.includes('OFFLINE') ? [silent] : []),
    ],
  };
}

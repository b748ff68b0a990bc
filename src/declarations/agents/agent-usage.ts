import { enumeration, float } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { SESSION_COLUMNS } from './session-columns.ts';
import { inSession } from './sessions.ts';

const KINDS = {
  LINES_ADDED: 'Lines of code that the agent added.',
  LINES_REMOVED: 'Lines of code that the agent removed.',
  COMMITS: 'Commits that the agent made.',
  PULL_REQUESTS: 'Pull requests that the agent opened.',
  ACTIVE_SECONDS: 'Seconds in which the agent, or the person who uses it, was at work.',
  EDITS_ACCEPTED: 'Edits that a person accepted.',
  EDITS_REJECTED: 'Edits that a person rejected.',
  SESSIONS: 'Sessions that began.',
  PROMPTS: 'Prompts that a person wrote.',
  COMPACTIONS: 'Number of times that the agent summarized its context because it had become too long.',
};

/** What agents count about their work. */
export const agentUsage = defineDataset({
  name: 'agentUsage',
  entity: 'AgentUsage',
  table: 'agent_usage',
  description:
    'An amount by which an agent’s count of its work grew: lines, commits, seconds of activity. The amounts ' +
    'of one kind add up; group by `kind`, or filter by one.',
  columns: {
    ...SESSION_COLUMNS,
    kind: enumeration('AgentUsageKind', KINDS, { role: 'dimension', description: 'What is counted.' }),
    amount: float({
      role: 'measure',
      description:
        'How much the count grew since the last event, in the unit of `kind`. It is not a running total.',
    }),
  },
  indexed: ['sessionId', 'agentId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['kind'] },
    { dimensions: ['kind', 'agentId', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  tally: {
    ...inSession,
    totals: {
      linesAdded: { sum: 'amount', where: ['kind', 'LINES_ADDED'] },
      linesRemoved: { sum: 'amount', where: ['kind', 'LINES_REMOVED'] },
      commits: { sum: 'amount', where: ['kind', 'COMMITS'] },
      pullRequests: { sum: 'amount', where: ['kind', 'PULL_REQUESTS'] },
      activeSeconds: { sum: 'amount', where: ['kind', 'ACTIVE_SECONDS'] },
    },
  },
});

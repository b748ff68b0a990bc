import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matches } from '../../../src/core/filter.ts';
import { AGENT_STATUSES } from '../../../src/declarations/agents/agent-status.ts';
import {
  type AgentStatus,
  agentStatusAt,
  agentStatusFilter,
} from '../../../src/declarations/agents/agents.ts';

const STATUSES = Object.keys(AGENT_STATUSES) as AgentStatus[];

it.each<[AgentStatus, number, AgentStatus]>([
  ['ACTIVE', 0, 'ACTIVE'],
  ['BLOCKED', 1000, 'BLOCKED'],
  ['ERROR', 1001, 'OFFLINE'],
  ['OFFLINE', 0, 'OFFLINE'],
  // Its clock is ahead of ours.
  ['IDLE', -5000, 'IDLE'],
])(
  'an agent that reported %s %i ms ago and may be silent for 1000 ms is %s',
  (reportedStatus, ago, expected) => {
    expect(agentStatusAt({ reportedStatus, updatedAt: 50_000 - ago }, 50_000, 1000)).toBe(expected);
  },
);

it('the filter by status selects the agents with one of the given statuses', () => {
  fc.assert(
    fc.property(
      fc.subarray(STATUSES),
      fc.constantFrom(...STATUSES),
      fc.integer({ min: 8990, max: 9010 }),
      (statuses, reportedStatus, updatedAt) => {
        const filter = agentStatusFilter(statuses, 10_000, 1000);
        const agent = { reportedStatus, updatedAt };
        const taken = matches(filter, (field) => agent[field as keyof typeof agent]);
        expect(taken).toBe(statuses.includes(agentStatusAt(agent, 10_000, 1000)));
      },
    ),
  );
});

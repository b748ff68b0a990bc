import { float, integer, json, money, text, texts, timestamp } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import type { Tally } from '../../core/dataset/tally.ts';

/** Records when the text beside it was set, so that the newest one stays. */
const SET_AT = timestamp({
  optional: true,
  hidden: true,
  description: 'The time of the event that named it.',
});

const newestText = (description: string) => text({ optional: true, sortable: true, description });
const count = (description: string) => integer({ sortable: true, description });
const amount = (description: string) => float({ sortable: true, description });

/** What sessions did, added up from their events of all datasets. */
export const sessions = defineState({
  name: 'sessions',
  entity: 'Session',
  table: 'sessions',
  description:
    'A session of a coding agent or a conversation, which events name by `sessionId`: when it took ' +
    'place, for which repository, what it did and what it cost. `startedAt` is the time of its ' +
    'first event, `updatedAt` that of its last; no event counts as later than its receipt by the ' +
    'server. The numbers are totals over all of its events, including expired ones. A total that ' +
    'is too large to store stays at the maximum: 2,147,483,647 for counts, 9,000,000 USD for ' +
    '`cost`, 2^53 - 1 for all others.',
  naturalKey: 'sessionId',
  cameToBe: 'startedAt',
  byKey: {
    description: 'The session with this id; null if no event names it.',
    key: 'The `sessionId` of its events.',
  },
  ownList: true,
  columns: {
    sessionId: text({ sortable: true, description: 'Identifies the session.' }),
    service: newestText('The service that its newest event names.'),
    serviceSetAt: SET_AT,
    agentId: newestText('The agent that its newest event names. `agentIds` lists all of them.'),
    agentIdSetAt: SET_AT,
    repository: newestText('The repository that its newest event names, by the tag `repo`.'),
    repositorySetAt: SET_AT,
    branch: newestText('The branch that its newest event names, by the tag `branch`.'),
    branchSetAt: SET_AT,
    agentIds: texts({ description: 'All agents that its events name, at most 50, in alphabetical order.' }),
    requestCount: count('Number of its requests (`requestLogs`).'),
    llmCallCount: count('Number of its model calls.'),
    failedLlmCallCount: count('Model calls that failed.'),
    unpricedLlmCallCount: count('Model calls whose cost is unknown: `cost` excludes them.'),
    toolCallCount: count('Number of its tool calls.'),
    failedToolCallCount: count('Tool calls that failed, including rejected ones.'),
    rejectedToolCallCount: count('Tool calls that a person, or a rule that a person made, did not allow.'),
    errorCount: count('Errors that services reported during it (`errorLogs`).'),
    totalTokens: integer({
      sortable: true,
      max: Number.MAX_SAFE_INTEGER,
      description: 'Tokens of its model calls, prompts and answers together.',
    }),
    cost: money({
      sortable: true,
      description:
        'Cost in USD of its model calls whose cost is known. `unpricedLlmCallCount` counts the others.',
    }),
    linesAdded: amount('Lines of code added in the session, as counted by `agentUsage`.'),
    linesRemoved: amount('Lines of code removed in the session, as counted by `agentUsage`.'),
    commits: amount('Commits made in the session, as counted by `agentUsage`.'),
    pullRequests: amount('Pull requests opened in the session, as counted by `agentUsage`.'),
    activeSeconds: amount('Seconds in which the session was active, as counted by `agentUsage`.'),
    toolTotals: json({
      hidden: true,
      optional: true,
      anyJson: true,
      description:
        'By tool and MCP server: calls, failed ones, rejected ones, milliseconds. They are complete if their calls add ' +
        'up to `toolCallCount`: not with more tools than are kept, nor with calls that an older version recorded.',
    }),
  },
});

/** How the events of a dataset with agents add to sessions. */
export const inSession = {
  state: sessions,
  key: 'sessionId',
  newest: { service: 'service', agentId: 'agentId' },
  newestWithin: { repository: ['tags', 'repo'], branch: ['tags', 'branch'] },
  collected: { agentIds: 'agentId' },
} as const satisfies Partial<Tally>;

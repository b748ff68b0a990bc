import { float, integer, money, text, texts, timestamp } from '../../core/dataset/column.ts';
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
    'A session of a coding agent, or a conversation, that events name by `sessionId`: when it was, for which ' +
    'repository, what it did and what it cost. `startedAt` is the time of its first event, `updatedAt` that of ' +
    'its last; no event counts as later than its receipt by the server. The numbers are totals of all its ' +
    'events, also of those that have expired. A total that is too large to be stored stays at the largest: ' +
    '2,147,483,647 for counts, 9,000,000 USD for `cost`, 2^53 - 1 for all others.',
  naturalKey: 'sessionId',
  cameToBe: 'startedAt',
  byKey: {
    description: 'What a session did; null if no event names it.',
    key: 'The session id that its events have.',
  },
  ownList: true,
  columns: {
    sessionId: text({ sortable: true, description: 'Identifies the session.' }),
    service: newestText('The service that its newest event names.'),
    serviceSetAt: SET_AT,
    agentId: newestText('The agent that its newest event names. `agentIds` has all.'),
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
    toolCallCount: count('Number of its calls of tools.'),
    failedToolCallCount: count('Calls of tools that failed, rejected ones included.'),
    rejectedToolCallCount: count('Calls of tools that a person, or a rule of theirs, did not allow.'),
    errorCount: count('Errors that services reported during it (`errorLogs`).'),
    totalTokens: integer({
      sortable: true,
      max: Number.MAX_SAFE_INTEGER,
      description: 'Tokens of its model calls, of prompts and answers together.',
    }),
    cost: money({
      sortable: true,
      description:
        'USD of its model calls whose cost is known. `unpricedLlmCallCount` says of how many it is not.',
    }),
    linesAdded: amount('Lines of code that it added, as `agentUsage` counts them.'),
    linesRemoved: amount('Lines of code that it removed, as `agentUsage` counts them.'),
    commits: amount('Commits that it made, as `agentUsage` counts them.'),
    pullRequests: amount('Pull requests that it opened, as `agentUsage` counts them.'),
    activeSeconds: amount('Seconds in which it was at work, as `agentUsage` counts them.'),
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

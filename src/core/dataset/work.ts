import { text } from './column.ts';
import { namesOf } from './names.ts';

/**
 * Dimensions for the agent, the task and the version of the software, for datasets whose events may
 * know them.
 */
export const WORK_COLUMNS = {
  agentId: text({
    verbatim: true,
    role: 'dimension',
    optional: true,
    description: 'The agent that caused it, for example "builder".',
  }),
  taskId: text({
    verbatim: true,
    role: 'dimension',
    optional: true,
    description: 'The task that it was made for, for example "TASK-42".',
  }),
  release: text({
    role: 'dimension',
    optional: true,
    description:
      'The version of the software that produced the event: a tag, a number, or the hash of a commit.',
  }),
};

/** A dimension for what belongs together over many requests. */
export const SESSION_COLUMN = {
  sessionId: text({
    verbatim: true,
    role: 'dimension',
    manyValues: true,
    optional: true,
    description:
      'The session that the event belongs to: a conversation, a run of a coding agent, a visit. ' +
      'Use the same text in all datasets.',
  }),
};

/** The columns that calls and errors take over from the request that they are sent with. */
export const FROM_REQUEST = [...namesOf(SESSION_COLUMN), ...namesOf(WORK_COLUMNS), 'tags'] as const;

/**
 * Totals per agent, task and release. Few events have any of them, so the rollup costs little where
 * there is none.
 */
export const WORK_ROLLUP = {
  dimensions: namesOf(WORK_COLUMNS),
  grains: ['HOUR', 'DAY'],
} as const;

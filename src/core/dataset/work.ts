import { text } from './column.ts';
import { namesOf } from './names.ts';

/**
 * On whose work and in which version of the software something happened: dimensions of a dataset
 * that may know them.
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

/**
 * What it took per agent, task and release. Few have one, so hours cost little to write where there
 * is none.
 */
export const WORK_ROLLUP = {
  dimensions: namesOf(WORK_COLUMNS),
  grains: ['HOUR', 'DAY'],
} as const;

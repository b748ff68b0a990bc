import { text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { SESSION_COLUMN } from '../../core/dataset/work.ts';
import { inSession } from './sessions.ts';

/**
 * What agents did, in words (source 4, the cache `agents:{agent_id}:activity` and
 * `progress-log.md`).
 */
export const agentActivities = defineDataset({
  name: 'agentActivities',
  entity: 'AgentActivity',
  table: 'agent_activities',
  description: 'One action of a coding agent, in words, such as a line of its progress log.',
  columns: {
    agentId: text({ verbatim: true, role: 'dimension', description: 'The agent.' }),
    ...SESSION_COLUMN,
    activityType: text({
      role: 'dimension',
      default: 'note',
      maxLength: 50,
      description: 'The type of activity: note, test, review, … Default: "note".',
    }),
    message: text({
      maxLength: 4000,
      truncate: true,
      description: 'What the agent did. Secrets are masked.',
    }),
    taskId: text({ verbatim: true, optional: true, description: 'The task that the activity belongs to.' }),
  },
  indexed: ['sessionId', 'agentId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['agentId'] },
    { dimensions: ['agentId', 'activityType', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  tally: { ...inSession, totals: {} },
});

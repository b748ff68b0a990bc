import { text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

/** What agents did, in words (source 4, the cache `agents:{agent_id}:activity` and `progress-log.md`). */
export const agentActivities = defineDataset({
  name: 'agentActivities',
  entity: 'AgentActivity',
  table: 'agent_activities',
  description: 'One thing that a coding agent did, in words, such as a line of its progress log.',
  columns: {
    agentId: text({ verbatim: true, role: 'dimension', description: 'The agent.' }),
    activityType: text({
      role: 'dimension',
      default: 'note',
      maxLength: 50,
      description: 'What kind of thing: note, test, review, … Default: "note".',
    }),
    message: text({ maxLength: 4000, truncate: true, description: 'What it did, secrets masked.' }),
    taskId: text({ verbatim: true, optional: true, description: 'The task that it belongs to.' }),
  },
  rollups: [
    { dimensions: [] },
    { dimensions: ['agentId'] },
    { dimensions: ['agentId', 'activityType', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
});

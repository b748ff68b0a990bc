import { enumeration, json, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { TASK_EVENT_TYPES } from './task-event-type.ts';
import { tasks } from './tasks.ts';

/** What happens to tasks (source 4, `task_events`). */
export const taskEvents = defineDataset({
  name: 'taskEvents',
  entity: 'TaskEvent',
  table: 'task_events',
  description: 'One change of a task: it was created, assigned, blocked, completed, …',
  columns: {
    taskId: text({ verbatim: true, description: 'The task, for example "TASK-42".' }),
    eventType: enumeration('TaskEventType', TASK_EVENT_TYPES, {
      role: 'dimension',
      description: 'What happened.',
    }),
    title: text({
      optional: true,
      maxLength: 500,
      description: 'The title of the task, if the event has it.',
    }),
    previousStatus: text({ role: 'dimension', optional: true, description: 'The previous status.' }),
    newStatus: text({
      role: 'dimension',
      optional: true,
      description: 'The status after the event. Absent: unchanged.',
    }),
    assignedTo: text({
      role: 'dimension',
      optional: true,
      mayBeEmpty: true,
      description: 'The assignee after the event. Absent: unchanged. Empty: unassigned.',
    }),
    changedBy: text({ role: 'dimension', optional: true, description: 'Who made the change.' }),
    details: json({ optional: true, description: 'What changed, as a JSON object.' }),
  },
  indexed: ['taskId', 'assignedTo', 'changedBy'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['eventType'] },
    { dimensions: ['eventType', 'assignedTo'] },
    { dimensions: ['service', 'environment'] },
    {
      dimensions: ['eventType', 'previousStatus', 'newStatus', 'assignedTo', 'changedBy'],
      grains: ['HOUR', 'DAY'],
    },
  ],
  retention: { rows: null },
  projections: [
    {
      state: tasks,
      key: 'taskId',
      columns: {
        title: { from: 'title', present: true },
        status: { from: 'newStatus', present: true },
        assignedTo: { from: 'assignedTo', present: true },
        lastEventType: { from: 'eventType' },
        lastChangedBy: { from: 'changedBy' },
      },
    },
  ],
});

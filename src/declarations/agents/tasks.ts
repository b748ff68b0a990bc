import { enumeration, text } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import { TASK_EVENT_TYPES } from './task-event-type.ts';

/** Tasks as they are now (source 4, the cache `tasks:current`), kept from their events. */
export const tasks = defineState({
  name: 'tasks',
  entity: 'Task',
  table: 'tasks',
  description:
    'A task as its events have left it. `createdAt` is the time of its first event, `updatedAt` that of its last; no event counts ' +
    'as later than the server received it. Events by a clock that is behind count by their receipt, from the second within 15 minutes on.',
  naturalKey: 'taskId',
  byKey: {
    description: 'A task as its events have left it, deleted ones too; null when no event names it.',
    key: 'Which task, for example "TASK-42".',
  },
  columns: {
    taskId: text({ sortable: true, description: 'Identifies the task, for example "TASK-42".' }),
    title: text({ optional: true, sortable: true, maxLength: 500, description: 'What it is about.' }),
    status: text({
      optional: true,
      sortable: true,
      description: 'Its status on the board, such as "in_progress"; null: no event has said.',
    }),
    assignedTo: text({
      optional: true,
      sortable: true,
      description: 'Who has it to do; null or empty: nobody.',
    }),
    lastEventType: enumeration('TaskEventType', TASK_EVENT_TYPES, {
      description: 'What last happened to it.',
    }),
    lastChangedBy: text({ optional: true, description: 'Who last changed it.' }),
  },
});

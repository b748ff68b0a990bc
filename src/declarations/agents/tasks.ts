import { enumeration, text } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import { TASK_EVENT_TYPES } from './task-event-type.ts';

/**
 * The current state of tasks (source 4, the cache `tasks:current`), kept up to date from their
 * events.
 */
export const tasks = defineState({
  name: 'tasks',
  entity: 'Task',
  table: 'tasks',
  description:
    'The current state of a task, from its events. `createdAt` is the time of its first event, ' +
    '`updatedAt` that of its last. No event counts as later than its receipt by the server. Events ' +
    'from a clock that is behind count by the time of their receipt, from the second event within ' +
    '15 minutes.',
  naturalKey: 'taskId',
  byKey: {
    description:
      'The current state of a task, from its events, even if the task is deleted; null if no event ' +
      'names it.',
    key: 'The id of the task, for example "TASK-42".',
  },
  columns: {
    taskId: text({ sortable: true, description: 'Identifies the task, for example "TASK-42".' }),
    title: text({ optional: true, sortable: true, maxLength: 500, description: 'The title of the task.' }),
    status: text({
      optional: true,
      sortable: true,
      description: 'The status on the board, such as "in_progress"; null if no event has set one.',
    }),
    assignedTo: text({
      optional: true,
      sortable: true,
      description: 'The assignee; null or empty if unassigned.',
    }),
    lastEventType: enumeration('TaskEventType', TASK_EVENT_TYPES, {
      description: 'The type of its last event.',
    }),
    lastChangedBy: text({ optional: true, description: 'Who last changed the task.' }),
  },
});

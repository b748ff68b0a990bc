/** What may happen to a task. */
export const TASK_EVENT_TYPES = {
  CREATED: 'The task was created.',
  UPDATED: 'Something about the task changed.',
  ASSIGNED: 'The task was assigned.',
  STARTED: 'Work on the task began.',
  BLOCKED: 'Work on the task is blocked.',
  UNBLOCKED: 'Work on the task is no longer blocked.',
  COMPLETED: 'The task was completed.',
  REOPENED: 'The task was completed, and was opened again.',
  CANCELLED: 'The task was cancelled.',
  DELETED: 'The task was deleted and left the board.',
} as const;

/** What may happen to a task. */
export const TASK_EVENT_TYPES = {
  CREATED: 'It was put on the board.',
  UPDATED: 'Something about it changed.',
  ASSIGNED: 'Somebody got it to do.',
  STARTED: 'Work on it began.',
  BLOCKED: 'It cannot go on for now.',
  UNBLOCKED: 'It can go on again.',
  COMPLETED: 'It is done.',
  REOPENED: 'It was done, and is to be done again.',
  CANCELLED: 'It will not be done.',
  DELETED: 'It was taken off the board.',
} as const;

import { entriesOf } from '../core/named.ts';
import type { TASK_EVENT_TYPES } from '../declarations/agents/task-event-type.ts';

export type TaskEventType = keyof typeof TASK_EVENT_TYPES;

/** What a status means for the work. Boards choose their own words. */
type StatusKind = 'OPEN' | 'ACTIVE' | 'BLOCKED' | 'DONE' | 'CANCELLED';

const WORDS: Readonly<Record<Exclude<StatusKind, 'OPEN'>, readonly string[]>> = {
  ACTIVE: [
    'in_progress',
    'progress',
    'doing',
    'active',
    'started',
    'working',
    'wip',
    'in_review',
    'review',
    'testing',
  ],
  BLOCKED: ['blocked', 'on_hold', 'hold', 'waiting', 'stuck', 'paused'],
  DONE: ['done', 'complete', 'completed', 'closed', 'finished', 'resolved', 'merged'],
  CANCELLED: ['cancelled', 'canceled', 'abandoned', 'dropped', 'rejected', 'wont_do', 'wontfix', 'wont_fix'],
};

const KINDS = new Map(
  entriesOf(WORDS).flatMap(([kind, words]) => words.map((word) => [word, kind] as const)),
);

/** Ignores case, spaces and hyphens. A word that is not listed counts as OPEN. */
function kindOf(status: string | null): StatusKind {
  if (status === null) return 'OPEN';
  const word = status
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replaceAll("'", '');
  return KINDS.get(word) ?? 'OPEN';
}

/** The type of the event when the status of a task changes. */
export function eventTypeOf(from: string | null, to: string): TaskEventType {
  const before = kindOf(from);
  const now = kindOf(to);
  if (before === now) return 'UPDATED';
  if (now === 'DONE') return 'COMPLETED';
  if (now === 'CANCELLED') return 'CANCELLED';
  if (now === 'BLOCKED') return 'BLOCKED';
  if (before === 'DONE' || before === 'CANCELLED') return 'REOPENED';
  if (before === 'BLOCKED') return 'UNBLOCKED';
  return now === 'ACTIVE' ? 'STARTED' : 'UPDATED';
}

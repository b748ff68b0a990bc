import { describe, expect, it } from 'vitest';
import { boardDifference, type KnownTask } from '../../src/coordination/board-difference.ts';
import { eventTypeOf } from '../../src/coordination/status-kind.ts';
import type { BoardTask } from '../../src/coordination/task-board.ts';
import { isUuid } from '../../src/core/ids.ts';

const FACTS = { projectId: 'default', changedAt: 5_000, now: 9_000 };
const known = (fields: Partial<KnownTask> = {}): KnownTask => ({
  taskId: 'T-1',
  title: 'Sign in',
  status: 'todo',
  assignedTo: 'builder',
  deleted: false,
  updatedAt: 1_000,
  fields: {},
  ...fields,
});
const found = (fields: Partial<BoardTask> = {}): BoardTask => ({
  taskId: 'T-1',
  title: 'Sign in',
  status: 'todo',
  assignedTo: 'builder',
  fields: {},
  ...fields,
});
const difference = (before: readonly KnownTask[], now: readonly BoardTask[], facts = {}) =>
  boardDifference(before, now, { ...FACTS, ...facts });

describe('boardDifference', () => {
  it('finds nothing if nothing changed, or if the board does not say', () => {
    expect(difference([known()], [found()])).toEqual([]);
    expect(difference([known()], [{ taskId: 'T-1', fields: {} }])).toEqual([]);
    expect(difference([known({ assignedTo: null })], [found({ assignedTo: '' })])).toEqual([]);
    expect(difference([], [])).toEqual([]);
  });

  it.each<[string, KnownTask[], BoardTask[], object]>([
    [
      'a new task',
      [],
      [found({ fields: { priority: 'high' }, changedBy: 'planner' })],
      {
        eventType: 'CREATED',
        title: 'Sign in',
        newStatus: 'todo',
        assignedTo: 'builder',
        changedBy: 'planner',
        details: { priority: 'high' },
        attributes: { file: 'task-board.json', fields: { priority: 'high' } },
      },
    ],
    [
      'a deleted task that is back, without an assignee',
      [known({ deleted: true })],
      [found({ assignedTo: '' })],
      { eventType: 'CREATED', title: 'Sign in', newStatus: 'todo', assignedTo: '' },
    ],
    [
      'a new status, with all other changes',
      [known({ fields: { priority: 'low', tags: ['a'] } })],
      [found({ status: 'done', title: 'Sign out', assignedTo: 'reviewer', fields: { tags: ['a'] } })],
      {
        eventType: 'COMPLETED',
        previousStatus: 'todo',
        newStatus: 'done',
        title: 'Sign out',
        assignedTo: 'reviewer',
        details: { priority: null },
        attributes: { file: 'task-board.json', fields: { tags: ['a'] } },
      },
    ],
    [
      'a first status',
      [known({ status: null })],
      [found({ status: 'doing' })],
      { eventType: 'STARTED', newStatus: 'doing' },
    ],
    [
      'another assignee',
      [known()],
      [found({ assignedTo: 'reviewer' })],
      { eventType: 'ASSIGNED', assignedTo: 'reviewer' },
    ],
    ['no assignee', [known()], [found({ assignedTo: '' })], { eventType: 'UPDATED', assignedTo: '' }],
    ['another title', [known()], [found({ title: 'Sign out' })], { eventType: 'UPDATED', title: 'Sign out' }],
    [
      'another field',
      [known()],
      [found({ fields: { points: 3 } })],
      { eventType: 'UPDATED', details: { points: 3 } },
    ],
    [
      'a task of others that appears on the board',
      [known({ fields: null })],
      [found()],
      { eventType: 'UPDATED' },
    ],
    [
      'a task that disappeared',
      [known()],
      [],
      { eventType: 'DELETED', previousStatus: 'todo', attributes: { file: 'task-board.json' } },
    ],
  ])('finds %s', (_, before, now, expected) => {
    const [event, ...others] = difference(before, now);
    expect(others).toEqual([]);
    const { id, ...rest } = event ?? { id: '' };
    expect(isUuid(id)).toBe(true);
    const common = {
      taskId: 'T-1',
      service: 'coordination',
      timestamp: '1970-01-01T00:00:05.000Z',
      attributes: { file: 'task-board.json', fields: now[0]?.fields },
    };
    expect(rest).toEqual({
      ...common,
      ...expected,
    });
  });

  it('ignores tasks that others have recorded and that were never on the board', () => {
    expect(difference([known({ fields: null })], [])).toEqual([]);
    expect(difference([known({ deleted: true })], [])).toEqual([]);
  });

  it('ignores a task that changed after the board was written', () => {
    const newer = known({ updatedAt: 5_001 });
    expect(difference([newer], [found({ status: 'done' })])).toEqual([]);
    expect(difference([newer], [])).toEqual([]);
    expect(difference([{ ...newer, deleted: true }], [found()])).toEqual([]);
  });

  it('gives events times after all known events, but never in the future', () => {
    const timeOf = (updatedAt: number, facts = {}) =>
      difference([known({ updatedAt })], [found({ status: 'done' })], facts)[0]?.timestamp;
    expect(timeOf(5_000)).toBe('1970-01-01T00:00:05.001Z');
    expect(timeOf(1_000, { now: 3_000 })).toBe('1970-01-01T00:00:03.000Z');
  });

  it('gives the same change the same id, and the same change at another time another id', () => {
    const idOf = (before: KnownTask, now: BoardTask, facts = {}) => difference([before], [now], facts)[0]?.id;
    const done = found({ status: 'done' });
    expect(idOf(known(), done, { now: 10_000 })).toBe(idOf(known(), done));
    expect(idOf(known({ updatedAt: 2_000 }), done)).not.toBe(idOf(known(), done));
    expect(idOf(known(), found({ status: 'closed' }))).not.toBe(idOf(known(), done));
    expect(idOf(known(), done, { projectId: 'other' })).not.toBe(idOf(known(), done));
  });
});

describe('eventTypeOf', () => {
  it.each([
    ['todo', 'done', 'COMPLETED'],
    ['blocked', 'Done', 'COMPLETED'],
    ['done', 'closed', 'UPDATED'],
    ['doing', "won't do", 'CANCELLED'],
    ['done', 'cancelled', 'CANCELLED'],
    ['In Progress', 'on-hold', 'BLOCKED'],
    ['blocked', 'waiting', 'UPDATED'],
    ['done', 'blocked', 'BLOCKED'],
    ['done', 'doing', 'REOPENED'],
    ['cancelled', 'todo', 'REOPENED'],
    ['blocked', 'doing', 'UNBLOCKED'],
    ['blocked', 'todo', 'UNBLOCKED'],
    ['todo', 'in progress', 'STARTED'],
    [null, 'doing', 'STARTED'],
    ['doing', 'todo', 'UPDATED'],
    ['todo', 'backlog', 'UPDATED'],
    ['in_progress', 'review', 'UPDATED'],
  ])('%s → %s is %s', (from, to, expected) => {
    expect(eventTypeOf(from, to)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { readTaskBoard } from '../../src/coordination/task-board.ts';

const read = (board: unknown) => readTaskBoard(JSON.stringify(board));
const one = (task: object) => (read([{ id: 'T-1', ...task }]) as { tasks: readonly object[] }).tasks[0];
const problemOf = (board: unknown) => (read(board) as { problem: string }).problem;

const TASKS = [
  { taskId: 'T-1', status: 'todo', fields: {} },
  { taskId: 'T-2', status: 'done', fields: {} },
];

describe('readTaskBoard', () => {
  it.each([
    [
      'under `tasks`',
      {
        version: 3,
        tasks: [
          { id: 'T-1', status: 'todo' },
          { id: 'T-2', status: 'done' },
        ],
      },
    ],
    [
      'as a bare list',
      [
        { taskId: 'T-1', status: 'todo' },
        { task_id: 'T-2', state: 'done' },
      ],
    ],
    ['by status', { updated: 'today', todo: [{ id: 'T-1' }], done: [{ id: 'T-2' }] }],
    ['by status under `tasks`', { tasks: { todo: [{ id: 'T-1', status: 'old' }], done: [{ id: 'T-2' }] } }],
  ])('reads tasks %s', (_, board) => {
    expect(read(board)).toEqual({ tasks: TASKS });
  });

  it('reads the alternative field names, and keeps all other fields', () => {
    const task = {
      name: ' Sign in ',
      assignee: 'builder',
      updated_by: 'planner',
      priority: 1,
      updatedAt: 'now',
    };
    expect(one(task)).toEqual({
      taskId: 'T-1',
      title: 'Sign in',
      assignedTo: 'builder',
      changedBy: 'planner',
      fields: { priority: 1 },
    });
  });

  it.each([
    [{ assignedTo: null }, { assignedTo: '' }],
    [{ owner: ['builder', 'reviewer'] }, { assignedTo: 'builder, reviewer' }],
    [{ title: null, status: null }, {}],
    [{ title: 42, status: '' }, { title: '42' }],
    [{ title: 'x'.repeat(600) }, { title: 'x'.repeat(500) }],
    [{ title: 'a\u0000b\ud800' }, { title: 'ab\ufffd' }],
    [{ notes: 'n'.repeat(1000) }, { fields: { notes: `${'n'.repeat(300)}…` } }],
    [{ 'a\u0000': 1, ok: 2 }, { fields: { ok: 2 } }],
  ])('reads %j', (task, expected) => {
    expect(one(task)).toEqual({ taskId: 'T-1', fields: {}, ...expected });
  });

  it('keeps only the fields that can be stored', () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`f${index}`, 'x'.repeat(200)]));
    const { fields } = one(many) as { fields: object };
    expect(Object.keys(fields).length).toBeGreaterThan(20);
    expect(JSON.stringify(fields).length).toBeLessThan(6_100);
  });

  it('reads an empty list as an empty board', () => {
    expect(read({ tasks: [] })).toEqual({ tasks: [] });
  });

  it.each([
    [{}, /^contains no tasks: expected/],
    [{ tasks: null }, /^contains no tasks/],
    [7, /^contains no tasks/],
    [{ tasks: ['T-1'] }, /^is not valid: tasks\.0 must be a task such as/],
    [[{ title: 'no id' }], /^is not valid: 0\.id must be text\./],
    [[{ id: ' ' }], /^is not valid: 0\.id must not be empty\./],
    [[{ task_id: 'T-1', state: {} }], /^is not valid: 0\.state must be text\./],
    [[{ id: 'T-1', status: 's'.repeat(201) }], /0\.status must have at most 200 characters/],
    [[{ id: 'T-1', assignee: [[]] }], /0\.assignee must be a name or a list of names/],
    [{ todo: [{ id: 'T-1' }], done: [{ id: 'T-1' }] }, /done\.0: there are two tasks T-1/],
    [[1, 2, 3, 4, 5], /There are 5 such problems\.$/],
  ])('refuses %j', (board, expected) => {
    expect(problemOf(board)).toMatch(expected);
  });

  it.each(['', '{"tasks": [{"id": "T-', '{"tasks": []} x'])('says that %j is not JSON', (text) => {
    expect(readTaskBoard(text)).toEqual({ problem: expect.stringMatching(/^is not JSON: /) });
  });

  it('survives a board that is nested deeper than the stack', () => {
    const deep = `[{"id":"T-1","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}]`;
    expect(readTaskBoard(deep)).toEqual({ problem: 'is nested too deeply.' });
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLive } from '../../../src/live/create-live.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { taskEvent } from '../../support/events.ts';
import { type Answer, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }';

describeEachDatabase('the task board', (database) => {
  let graphql: TestGraphQL;
  /** Each test has its own, on one database. */
  let project: string;
  let tests = 0;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(() => {
    project = `project-${++tests}`;
  });

  const ask = (source: string) => graphql.data(source, {}, project);
  const watch = (fields: string) =>
    graphql.subscribe(`subscription { taskBoardChanged { ${fields} } }`, {}, project);
  const record = (...input: readonly object[]) => graphql.data(RECORD, { input }, project);
  const at = (minute: number) => ({ timestamp: `2026-11-22T11:${String(minute).padStart(2, '0')}:00Z` });

  const FIVE = [
    taskEvent('A', { newStatus: 'todo', assignedTo: 'builder', ...at(1) }),
    taskEvent('B', { newStatus: 'todo', ...at(2) }),
    taskEvent('C', { newStatus: 'done', assignedTo: 'builder', ...at(3) }),
    taskEvent('D', at(4)),
    taskEvent('E', { newStatus: 'todo', ...at(5) }),
  ];

  it('is empty at first', async () => {
    const { taskBoard } = await ask('{ taskBoard { total updatedAt counts { count } columns { count } } }');
    expect(taskBoard).toEqual({ total: 0, updatedAt: null, counts: [], columns: [] });
  });

  it('counts the tasks of each status, most first, without deleted tasks and other projects', async () => {
    await record(...FIVE, taskEvent('E', { eventType: 'DELETED', ...at(6) }));
    await graphql.data(RECORD, { input: [taskEvent('Z', { newStatus: 'todo' })] }, 'another-project');
    const { taskBoard } = await ask('{ taskBoard { total updatedAt counts { status count } } }');
    expect(taskBoard).toEqual({
      total: 4,
      updatedAt: '2026-11-22T11:04:00.000Z',
      counts: [
        { status: 'todo', count: 2 },
        { status: 'done', count: 1 },
        { status: null, count: 1 },
      ],
    });
  });

  it('shows the tasks of its columns, the last changed first, in three statements for all', async () => {
    await record(...FIVE);
    const statements = await graphql.countStatements(async () => {
      const { taskBoard } = await ask(
        '{ taskBoard { columns { status count tasks(first: 2) { taskId assignedTo } } } }',
      );
      expect(taskBoard.columns).toEqual([
        {
          status: 'todo',
          count: 3,
          tasks: [
            { taskId: 'E', assignedTo: null },
            { taskId: 'B', assignedTo: null },
          ],
        },
        { status: 'done', count: 1, tasks: [{ taskId: 'C', assignedTo: 'builder' }] },
        { status: null, count: 1, tasks: [{ taskId: 'D', assignedTo: null }] },
      ]);
    });
    expect(statements).toBe(3);
  });

  it('accepts a filter, also for the columns', async () => {
    await record(...FIVE);
    const { taskBoard } = await ask(
      `{ taskBoard(filter: { assignedTo: { eq: "builder" } }) { total columns { status tasks { taskId } } } }`,
    );
    expect(taskBoard).toEqual({
      total: 2,
      columns: [
        { status: 'done', tasks: [{ taskId: 'C' }] },
        { status: 'todo', tasks: [{ taskId: 'A' }] },
      ],
    });
    const { errors } = await graphql.run(
      '{ taskBoard { columns { tasks(first: 501) { id } } } }',
      {},
      project,
    );
    expect(errors ?? []).not.toHaveLength(0);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  });

  it('does not load more tasks than a client may request', async () => {
    const at = new Date(graphql.clock.now());
    const tasks = Array.from({ length: 11 * 500 }, (_, index) => ({
      projectId: project,
      id: randomUUID(),
      taskId: `task-${index}`,
      status: `status-${index % 11}`,
      lastEventType: 'UPDATED',
      createdAt: at,
      updatedAt: at,
    }));
    // Stored in the form that events produce, because there are too many to record one by one.
    await graphql.services.store.prisma.task.createMany({ data: tasks });
    const ask = (first: number) =>
      graphql.run(`{ taskBoard { columns { tasks(first: ${first}) { taskId } } } }`, {}, project);
    const { errors } = await ask(455);
    expect(errors?.[0]?.message).toContain('`first: 455` of 11 statuses are 5005 tasks; at most 5000.');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    const { data } = await ask(454);
    expect(data.taskBoard.columns.flatMap((column: { tasks: object[] }) => column.tasks)).toHaveLength(4994);
  });

  it('can be watched: it sends the present state at once, then each change, and leaves nothing open', async () => {
    const { live } = graphql.services;
    await record(...FIVE.slice(0, 1));
    const stream = await watch('total counts { status count } columns { tasks { title } }');
    const other = await watch('total');
    const nextOf = async (from: AsyncIterableIterator<Answer>) =>
      (await from.next()).value.data.taskBoardChanged;
    expect(await nextOf(stream)).toEqual({
      total: 1,
      counts: [{ status: 'todo', count: 1 }],
      columns: [{ tasks: [{ title: null }] }],
    });
    expect(await nextOf(other)).toEqual({ total: 1 });
    await record(
      taskEvent('A', { newStatus: 'done', ...at(20) }),
      taskEvent('B', { newStatus: 'done', ...at(2) }),
    );
    expect(await nextOf(stream)).toMatchObject({ total: 2, counts: [{ status: 'done', count: 2 }] });
    expect(await nextOf(other)).toEqual({ total: 2 });
    await other.return?.();
    // The event is older than the stored state: counts and times do not change, but a title is
    // added, which is a change too.
    await record(taskEvent('B', { title: 'Late', ...at(1) }));
    expect(await nextOf(stream)).toMatchObject({ total: 2, columns: [{ tasks: [{}, { title: 'Late' }] }] });
    await stream.return?.();
    await expect.poll(() => live.hasSubscribers('taskEvents.recorded')).toBe(false);
    expect(live.hasSubscribers(`taskBoard.${project}`)).toBe(false);
  });

  it('can be watched across instances: it shows tasks that others recorded without a local event', async () => {
    // This instance has its own live topics, which receive no events that are recorded here.
    await using deaf = await startGraphQL(database, { replace: () => ({ live: createLive() }) });
    const stream = await deaf.subscribe('subscription { taskBoardChanged { total } }');
    expect((await stream.next()).value.data.taskBoardChanged).toEqual({ total: 0 });
    await deaf.data(RECORD, { input: [taskEvent('A')] });
    expect((await stream.next()).value.data.taskBoardChanged).toEqual({ total: 1 });
    await stream.return?.();
  });
});

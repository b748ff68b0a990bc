import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { taskEvent } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted rejected { message } } }';
const HOUR_MS = 3_600_000;

/** T-1 was done, reopened and deleted, T-2 is in progress, T-3 has no status. */
const EVENTS = [
  taskEvent('T-1', {
    eventType: 'CREATED',
    title: 'Sign in',
    newStatus: 'todo',
    timestamp: '2026-11-22T01:00:00Z',
  }),
  taskEvent('T-1', { eventType: 'STARTED', newStatus: 'doing', timestamp: '2026-11-22T02:00:00Z' }),
  taskEvent('T-1', { newStatus: 'doing', assignedTo: 'builder', timestamp: '2026-11-22T03:00:00Z' }),
  taskEvent('T-1', { eventType: 'COMPLETED', newStatus: 'done', timestamp: '2026-11-22T05:00:00Z' }),
  taskEvent('T-1', { eventType: 'REOPENED', newStatus: 'doing', timestamp: '2026-11-22T06:00:00Z' }),
  taskEvent('T-1', { eventType: 'DELETED', timestamp: '2026-11-22T08:30:00Z' }),
  taskEvent('T-2', { eventType: 'CREATED', newStatus: 'doing', timestamp: '2026-11-22T11:00:00Z' }),
  taskEvent('T-3', { eventType: 'CREATED', title: 'No status', timestamp: '2026-11-22T10:00:00Z' }),
];

describeEachDatabase('tasks', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordTaskEvents } = await graphql.data(RECORD, { input: EVENTS });
    expect(recordTaskEvents).toEqual({ accepted: EVENTS.length, rejected: [] });
    await graphql.data(RECORD, { input: [taskEvent('T-9', { newStatus: 'todo' })] }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('are found by their ids, also if deleted, but only in their own project', async () => {
    const { one, none } = await graphql.data(
      `{ one: task(taskId: "T-1") { taskId title status assignedTo lastEventType } none: task(taskId: "T-9") { id } }`,
    );
    expect(one).toEqual({
      taskId: 'T-1',
      title: 'Sign in',
      status: 'doing',
      assignedTo: 'builder',
      lastEventType: 'DELETED',
    });
    expect(none).toBeNull();
  });

  it('lead to their history, by one statement for all tasks', async () => {
    const list = (fields: string) => graphql.data(`{ tasks { nodes { taskId ${fields} } } }`);
    const history = 'history(first: 2) { nodes { eventType newStatus } pageInfo { hasNextPage } }';
    const { tasks } = await list(history);
    expect(Object.fromEntries(tasks.nodes.map((task: { taskId: string }) => [task.taskId, task]))).toEqual({
      'T-1': {
        taskId: 'T-1',
        history: {
          nodes: [
            { eventType: 'DELETED', newStatus: null },
            { eventType: 'REOPENED', newStatus: 'doing' },
          ],
          pageInfo: { hasNextPage: true },
        },
      },
      'T-2': {
        taskId: 'T-2',
        history: { nodes: [{ eventType: 'CREATED', newStatus: 'doing' }], pageInfo: { hasNextPage: false } },
      },
      'T-3': {
        taskId: 'T-3',
        history: { nodes: [{ eventType: 'CREATED', newStatus: null }], pageInfo: { hasNextPage: false } },
      },
    });
    const without = await graphql.countStatements(() => list(''));
    expect(await graphql.countStatements(() => list(history))).toBe(without + 1);
  });

  it('have their history, newest first, in pages and with filters', async () => {
    const { task } = await graphql.data(`{ task(taskId: "T-1") {
      history(first: 2) { totalCount nodes { eventType } pageInfo { hasNextPage } }
      done: history(filter: { newStatus: { eq: "done" } }) { nodes { eventType taskId } }
    } }`);
    expect(task.history).toEqual({
      totalCount: 6,
      nodes: [{ eventType: 'DELETED' }, { eventType: 'REOPENED' }],
      pageInfo: { hasNextPage: true },
    });
    expect(task.done.nodes).toEqual([{ eventType: 'COMPLETED', taskId: 'T-1' }]);
  });

  it('show how long they were in each status: until now, or until they were deleted', async () => {
    const FIELDS = 'timeInStatus { status milliseconds stays since }';
    const statements = await graphql.countStatements(async () => {
      const { tasks } = await graphql.data(
        `{ tasks(orderBy: { field: TASK_ID, direction: ASC }) { nodes { taskId ${FIELDS} } } }`,
      );
      expect(tasks.nodes).toEqual([
        {
          taskId: 'T-1',
          timeInStatus: [
            { status: 'todo', milliseconds: HOUR_MS, stays: 1, since: '2026-11-22T01:00:00.000Z' },
            { status: 'done', milliseconds: HOUR_MS, stays: 1, since: '2026-11-22T05:00:00.000Z' },
            { status: 'doing', milliseconds: 5.5 * HOUR_MS, stays: 2, since: '2026-11-22T06:00:00.000Z' },
          ],
        },
        {
          taskId: 'T-2',
          timeInStatus: [
            { status: 'doing', milliseconds: HOUR_MS, stays: 1, since: '2026-11-22T11:00:00.000Z' },
          ],
        },
        { taskId: 'T-3', timeInStatus: [] },
      ]);
    });
    // The statements for the page's keys, for its tasks, and for the times of all of them.
    expect(statements).toBe(3);
  });

  it('use the time of receipt for an event with a later date', async () => {
    await using ahead = await startGraphQL(database);
    const record = (newStatus: string, timestamp: string) =>
      ahead.data(RECORD, { input: [taskEvent('T-1', { newStatus, timestamp })] });
    await record('todo', '2026-11-22T12:00:00Z');
    ahead.clock.advance(10 * 60_000);
    await record('doing', '2026-11-22T13:10:00Z');
    ahead.clock.advance(20 * 60_000);
    await record('done', '2026-11-22T12:30:00Z');
    ahead.clock.advance(5 * 60_000);
    const { task, taskStatusTimes } = await ahead.data(`{
      task(taskId: "T-1") { status timeInStatus { status milliseconds } }
      taskStatusTimes(range: { last: "PT2H" }) { status averageMs }
    }`);
    expect(task).toEqual({
      status: 'done',
      timeInStatus: [
        { status: 'todo', milliseconds: 10 * 60_000 },
        { status: 'doing', milliseconds: 20 * 60_000 },
        { status: 'done', milliseconds: 5 * 60_000 },
      ],
    });
    expect(taskStatusTimes).toContainEqual({ status: 'doing', averageMs: 20 * 60_000 });
  });

  it("count no time for a stay that begins in the future because a client's clock is ahead", async () => {
    await using ahead = await startGraphQL(database);
    await ahead.data(RECORD, {
      input: [taskEvent('T-1', { newStatus: 'todo', timestamp: '2026-11-22T12:00:05Z' })],
    });
    const { task } = await ahead.data('{ task(taskId: "T-1") { timeInStatus { milliseconds } } }');
    expect(task.timeInStatus).toEqual([{ milliseconds: 0 }]);
  });

  it('can be reached from their events, by one statement for all', async () => {
    const statements = await graphql.countStatements(async () => {
      const { taskEvents } = await graphql.data(
        '{ taskEvents(first: 3) { nodes { timestamp task { taskId status } } } }',
      );
      expect(taskEvents.nodes).toEqual([
        { timestamp: '2026-11-22T11:00:00.000Z', task: { taskId: 'T-2', status: 'doing' } },
        { timestamp: '2026-11-22T10:00:00.000Z', task: { taskId: 'T-3', status: null } },
        { timestamp: '2026-11-22T08:30:00.000Z', task: { taskId: 'T-1', status: 'doing' } },
      ]);
    });
    expect(statements).toBe(2);
  });

  it('refuse an invalid page', async () => {
    const { errors } = await graphql.run('{ task(taskId: "T-1") { history(first: 0) { nodes { id } } } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    expect(graphql.clock.now()).toBe(Date.parse(NOW));
  });
});

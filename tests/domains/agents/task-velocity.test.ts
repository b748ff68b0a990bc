import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { taskEvent } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }';

const completed = (taskId: string, timestamp: string) =>
  taskEvent(taskId, { eventType: 'COMPLETED', newStatus: 'done', timestamp });

describeEachDatabase('the velocity of tasks', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = [
      completed('A', '2026-11-22T11:00:00Z'),
      completed('B', '2026-11-22T23:30:00Z'),
      completed('C', '2026-11-20T00:00:00Z'),
      completed('A', '2026-11-20T22:59:59.999Z'),
      completed('D', '2026-11-20T23:30:00Z'),
      completed('E', '2026-11-15T23:59:59.999Z'),
      taskEvent('F', { eventType: 'STARTED', newStatus: 'doing', timestamp: '2026-11-21T11:00:00Z' }),
    ];
    await graphql.data(RECORD, { input });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const velocity = async (argumentList: string) => {
    const { taskVelocity } = await graphql.data(`{ taskVelocity${argumentList} { start end completed } }`);
    return taskVelocity as { start: string; end: string; completed: number }[];
  };

  it('counts completions on each of the last seven days, ending with today, and includes days without any', async () => {
    const points = await velocity('');
    expect(points.map(({ completed: count }) => count)).toEqual([0, 0, 0, 0, 3, 0, 2]);
    expect(points[0]).toMatchObject({ start: '2026-11-16T00:00:00.000Z', end: '2026-11-17T00:00:00.000Z' });
    expect(points[6]).toMatchObject({ start: '2026-11-22T00:00:00.000Z', end: '2026-11-23T00:00:00.000Z' });
  });

  it('follows the calendar of a time zone', async () => {
    const points = await velocity('(days: 3, timeZone: "Europe/Berlin")');
    expect(points).toEqual([
      { start: '2026-11-19T23:00:00.000Z', end: '2026-11-20T23:00:00.000Z', completed: 2 },
      { start: '2026-11-20T23:00:00.000Z', end: '2026-11-21T23:00:00.000Z', completed: 1 },
      { start: '2026-11-21T23:00:00.000Z', end: '2026-11-22T23:00:00.000Z', completed: 1 },
    ]);
  });

  it('has the right days at midnight, over clock changes, and up to its maximum', async () => {
    const { clock } = graphql;
    const before = clock.now();
    clock.set(Date.parse('2026-11-22T00:00:00Z'));
    expect((await velocity('(days: 1)'))[0]).toMatchObject({ start: '2026-11-22T00:00:00.000Z' });
    clock.set(before);
    const all = await velocity('(days: 1000, timeZone: "Europe/Berlin")');
    expect(all).toHaveLength(1_000);
    expect(all.at(-1)?.start).toBe('2026-11-21T23:00:00.000Z');
    expect(all[0]?.start).toBe('2024-02-26T23:00:00.000Z');
  });

  it.each([0, -1, 1_001])('refuses %i days', async (days) => {
    const { errors } = await graphql.run(`{ taskVelocity(days: ${days}) { completed } }`);
    expect(errors?.[0]).toMatchObject({
      message: `\`days\` must be between 1 and 1000, not ${days}.`,
      extensions: { code: 'BAD_USER_INPUT', argument: 'days' },
    });
  });
});

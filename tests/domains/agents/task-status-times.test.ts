import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { taskEvent } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type NaiveEvent, naiveStatusTimes } from './support/naive-status-times.ts';

const RECORD = 'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }';
const ASK = `query ($from: DateTime!, $to: DateTime!, $filter: TaskEventFilter) {
  taskStatusTimes(range: { from: $from, to: $to }, filter: $filter) { status count medianMs p90Ms averageMs }
}`;
const MINUTE_MS = 60_000;
const START = Date.parse(NOW) - 1000 * MINUTE_MS;
const at = (minute: number) => new Date(START + minute * MINUTE_MS).toISOString();

describeEachDatabase('the times in each status', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function timesOf(projectId: string, from: number, to: number, filter: object | null = null) {
    const variables = { from: at(from), to: at(to), filter };
    return (await graphql.data(ASK, variables, projectId)).taskStatusTimes;
  }

  describe('of three tasks', () => {
    const set = (taskId: string, minute: number, newStatus: string | null, fields = {}) =>
      taskEvent(taskId, { newStatus, timestamp: at(minute), ...fields });
    beforeAll(async () => {
      const input = [
        set('A', 0, 'todo'),
        set('A', 10, 'doing'),
        set('A', 20, 'doing'),
        set('A', 25, null, { eventType: 'ASSIGNED' }),
        set('A', 40, 'done', { changedBy: 'builder' }),
        set('B', 5, 'todo'),
        set('B', 105, 'doing', { changedBy: 'builder' }),
        set('B', 110, null, { eventType: 'DELETED' }),
        set('B', 300, 'todo'),
        set('C', 0, 'todo'),
      ];
      await graphql.data(RECORD, { input }, 'three');
    });

    it('cover the stays that ended in the range, wherever they began', async () => {
      expect(await timesOf('three', 0, 1000)).toEqual([
        { status: 'doing', count: 2, ...inMinutes(17.5, 27.5, 17.5) },
        { status: 'todo', count: 2, ...inMinutes(55, 91, 55) },
      ]);
      expect(await timesOf('three', 100, 106)).toEqual([
        { status: 'todo', count: 1, ...inMinutes(100, 100, 100) },
      ]);
      expect(await timesOf('three', 20, 26)).toEqual([]);
    });

    it('exclude the end of the range', async () => {
      expect(await timesOf('three', 0, 10)).toEqual([]);
      expect(await timesOf('three', 10, 11)).toMatchObject([{ status: 'todo', count: 1 }]);
    });

    it('cover the stays that were ended by an event of the filter', async () => {
      const filter = { changedBy: { eq: 'builder' } };
      expect(await timesOf('three', 0, 1000, filter)).toMatchObject([
        { status: 'doing', count: 1, averageMs: 30 * MINUTE_MS },
        { status: 'todo', count: 1, averageMs: 100 * MINUTE_MS },
      ]);
    });

    it('belong to the assignee at their end', async () => {
      const input = [
        set('A', 0, 'todo', { assignedTo: 'planner' }),
        set('A', 5, null, { eventType: 'ASSIGNED', assignedTo: 'builder' }),
        set('A', 10, 'doing'),
        set('A', 40, 'review', { assignedTo: 'reviewer' }),
        set('A', 45, 'done'),
        set('B', 0, 'todo'),
        set('B', 7, 'doing', { assignedTo: 'builder' }),
      ];
      await graphql.data(RECORD, { input }, 'handed on');
      const of = async (assignedTo: object) =>
        (await timesOf('handed on', 0, 1000, { assignedTo })).map(
          ({ status, count, averageMs }: Record<string, number>) => [
            status,
            count,
            Number(averageMs) / MINUTE_MS,
          ],
        );
      expect(await of({ eq: 'builder' })).toEqual([
        ['doing', 1, 30],
        ['todo', 1, 10],
      ]);
      expect(await of({ eq: 'reviewer' })).toEqual([['review', 1, 5]]);
      expect(await of({ eq: 'planner' })).toEqual([]);
      expect(await of({ eq: null })).toEqual([['todo', 1, 7]]);
    });

    it('are counted for each assignee, in some statuses or all', async () => {
      const of = async (args: string) => {
        const range = `range: { from: "${at(0)}", to: "${at(1000)}" }`;
        const query = `{ taskStatusTimes(${range}${args}) { status assignedTo count averageMs } }`;
        return (await graphql.data(query, {}, 'handed on')).taskStatusTimes.map(Object.values);
      };
      const doing = ['doing', 'builder', 1, 30 * MINUTE_MS];
      const todo = [
        ['todo', 'builder', 1, 10 * MINUTE_MS],
        ['todo', null, 1, 7 * MINUTE_MS],
      ];
      expect(await of('')).toEqual([doing, ['review', 'reviewer', 1, 5 * MINUTE_MS], ...todo]);
      expect(await of(', statuses: ["todo", "doing"]')).toEqual([doing, ...todo]);
      expect(await of(', statuses: ["todo"], filter: { assignedTo: { eq: "builder" } }')).toEqual([todo[0]]);
      expect(await of(', statuses: ["none"]')).toEqual([]);
      const { errors } = await graphql.run(
        `{ taskStatusTimes(range: { last: "P1D" }, statuses: []) { count } }`,
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'statuses' });
    });

    it('cover only the tasks of the project', async () => {
      expect(await timesOf('nobody', 0, 1000)).toEqual([]);
    });
  });

  it('refuse a reversed range', async () => {
    const { errors } = await graphql.run(ASK, { from: at(2), to: at(1) });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('equal the result of processing the events of each task', async () => {
    const event = fc.record({
      taskId: fc.constantFrom('A', 'B', 'C'),
      minute: fc.integer({ min: 0, max: 60 }),
      eventType: fc.constantFrom('UPDATED', 'UPDATED', 'UPDATED', 'DELETED'),
      newStatus: fc.option(fc.constantFrom('todo', 'doing', 'done')),
      changedBy: fc.option(fc.constantFrom('builder', 'reviewer')),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 60 })),
        fc.option(fc.constantFrom('builder', 'reviewer')),
        async (drawn, [from, length], changedBy) => {
          // Equal times are sorted by id, so the ids determine the order.
          const prefix = `0000${(++run).toString(16).padStart(4, '0')}`;
          const events: NaiveEvent[] = drawn.map((fields, index) => ({
            ...fields,
            id: `${prefix}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
          }));
          const input = events.map(({ minute, ...fields }) => ({ ...fields, timestamp: at(minute) }));
          await graphql.data(RECORD, { input }, `run-${run}`);
          const filter = changedBy === null ? null : { changedBy: { eq: changedBy } };
          const found = await timesOf(`run-${run}`, from, from + length, filter);
          const expected = naiveStatusTimes(events, from, from + length, changedBy);
          expect(found).toEqual(
            expected.map(({ status, count, median, p90, average }) => ({
              status,
              count,
              medianMs: expect.closeTo(median * MINUTE_MS, 3),
              p90Ms: expect.closeTo(p90 * MINUTE_MS, 3),
              averageMs: expect.closeTo(average * MINUTE_MS, 3),
            })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

function inMinutes(median: number, p90: number, average: number) {
  return { medianMs: median * MINUTE_MS, p90Ms: p90 * MINUTE_MS, averageMs: average * MINUTE_MS };
}

import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statusTimesQuery } from '../../../src/domains/agents/task-status-times/read-status-times.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { taskEvent } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';

const RECORD = 'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }';
const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const EVENTS = 10_000;
const TASKS = 1_000;

describeEachDatabase('the times in each status of a long history', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    // One event every half hour, of each task in turn.
    const input = Array.from({ length: EVENTS }, (_, hour) =>
      taskEvent(`T-${hour % TASKS}`, {
        newStatus: hour % (2 * TASKS) < TASKS ? 'doing' : 'done',
        timestamp: new Date(START + hour * HOUR_MS * 0.5).toISOString(),
      }),
    );
    await graphql.data(RECORD, { input });
    await graphql.services.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('reads the events of the range, and the histories of their tasks by the index on the task', async () => {
    const { store } = graphql.services;
    const from = START + EVENTS * HOUR_MS * 0.4;
    const statement = statusTimesQuery(store, {
      projectId: 'default',
      range: { from, to: from + 5 * HOUR_MS },
      ...{ filter: null, statuses: null, byAssignee: false },
    }).compile();
    const plan = (await queryPlan(store, statement)).join('\n');
    expect(plan).toContain('task_events_project_id_timestamp_idx');
    // Both indexes on a task lead to its events, and PostgreSQL may use either.
    expect(plan).toMatch(/task_events_project_id_task_id_(received_at_)?timestamp_idx/);
    expect(plan).not.toMatch(/SCAN (event|task_events)|Seq Scan on task_events/);
    const { taskStatusTimes } = await graphql.data(
      `query ($from: DateTime!, $to: DateTime!) {
        taskStatusTimes(range: { from: $from, to: $to }) { status count averageMs }
      }`,
      { from: new Date(from).toISOString(), to: new Date(from + 5 * HOUR_MS).toISOString() },
    );
    expect(taskStatusTimes).toEqual([{ status: 'done', count: 10, averageMs: TASKS * 0.5 * HOUR_MS }]);
  });
});

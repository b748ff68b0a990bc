import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completionsQuery } from '../../../src/domains/agents/agent-costs/read-agent-costs.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall, RECORD_ACTIVITY, taskEvent } from '../../support/events.ts';
import { ago, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';

const ASK = `query ($range: TimeRangeInput!, $first: Int) {
  agentCosts(range: $range, first: $first) {
    agentId llmCalls unpricedLlmCalls cost completedTasks costPerCompletedTask
  }
}`;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describeEachDatabase('agentCosts', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (project: string, input: object) => graphql.data(RECORD_ACTIVITY, { input }, project);
  const ask = async (project: string, variables: object = {}) =>
    (await graphql.data(ASK, { range: { last: 'P7D' }, ...variables }, project)).agentCosts;
  const at = (minute: number) => ({ timestamp: ago(1000 * MINUTE_MS - minute * MINUTE_MS) });
  const assign = (taskId: string, minute: number, assignedTo: string) =>
    taskEvent(taskId, { eventType: 'ASSIGNED', assignedTo, ...at(minute) });
  const close = (taskId: string, minute: number, fields: object = {}) =>
    taskEvent(taskId, { eventType: 'COMPLETED', changedBy: 'planner', ...at(minute), ...fields });

  it('counts a task for its assignee at completion, no matter who closed it', async () => {
    await record('shop', {
      llmCalls: [
        llmCall({ agentId: 'ann', cost: 2, ...at(1) }),
        llmCall({ agentId: 'ann', cost: 4, ...at(2) }),
        llmCall({ agentId: 'ann', provider: 'in-house', model: 'unpriced', ...at(3) }),
        llmCall({ agentId: 'bo', provider: 'in-house', model: 'unpriced', ...at(3) }),
        llmCall({ cost: 100, ...at(3) }),
        llmCall({ agentId: 'ann', cost: 100, timestamp: ago(8 * DAY_MS) }),
      ],
      taskEvents: [
        assign('T1', 1, 'ann'),
        close('T1', 2),
        // A task that is completed, reopened and completed again counts as one.
        taskEvent('T1', { eventType: 'REOPENED', ...at(3) }),
        close('T1', 4),
        // The task was handed on, and the event that completes it assigns it to somebody else.
        assign('T2', 1, 'cy'),
        assign('T2', 5, 'ann'),
        close('T2', 6, { assignedTo: 'archive' }),
        assign('T2', 7, 'bo'),
        close('T3', 8, { assignedTo: 'bo' }),
        assign('T4', 1, 'bo'),
        assign('T5', 1, ''),
        close('T5', 2),
        assign('T6', 1, 'dan'),
        close('T6', 2),
        assign('T7', 0, 'ann'),
        close('T7', 0, { timestamp: ago(8 * DAY_MS) }),
      ],
    });
    const ANN = { agentId: 'ann', llmCalls: 3, unpricedLlmCalls: 1, cost: 6, completedTasks: 2 };
    const BO = { agentId: 'bo', llmCalls: 1, unpricedLlmCalls: 1, cost: null, completedTasks: 1 };
    const DAN = { agentId: 'dan', llmCalls: 0, unpricedLlmCalls: 0, cost: 0, completedTasks: 1 };
    expect(await ask('shop')).toEqual([
      { ...ANN, costPerCompletedTask: 3 },
      { ...BO, costPerCompletedTask: null },
      { ...DAN, costPerCompletedTask: 0 },
    ]);
    expect(await ask('shop', { first: 1 })).toEqual([{ ...ANN, costPerCompletedTask: 3 }]);
    expect(await ask('other')).toEqual([]);
  });

  it('covers the range for which calls and changes are kept', async () => {
    for (const days of [5, 1]) {
      graphql.clock.set(Date.parse(ago(days * DAY_MS)));
      const timestamp = ago(days * DAY_MS);
      await record('kept', {
        llmCalls: [llmCall({ agentId: 'ann', cost: 1, timestamp })],
        taskEvents: [taskEvent(`T${days}`, { eventType: 'COMPLETED', assignedTo: 'ann', timestamp })],
      });
    }
    graphql.clock.set(Date.parse(NOW));
    const input = { dataset: 'llmCalls', rowDays: 2, minuteDays: 2, hourDays: 2, dayDays: 2 };
    await graphql.data(
      'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }',
      { input },
      'kept',
    );
    await graphql.services.retention.run();
    const { data, extensions } = await graphql.run(ASK, { range: { last: 'P7D' } }, 'kept');
    expect(data.agentCosts).toMatchObject([{ agentId: 'ann', cost: 1, completedTasks: 1 }]);
    expect(extensions.kept).toMatchObject([{ dataset: 'llmCalls', answered: { from: ago(2.5 * DAY_MS) } }]);
  });

  it('refuses a number of agents below 1', async () => {
    const { errors } = await graphql.run(ASK, { range: { last: 'P1D' }, first: 0 });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } });
  });

  it('finds completions by time, and the assignee of each by the index on the task', async () => {
    const taskEvents = Array.from({ length: 1_000 }, (_, number) =>
      taskEvent(`T-${number % 100}`, {
        ...{ eventType: number < 900 ? 'ASSIGNED' : 'COMPLETED', assignedTo: 'ann' },
        timestamp: ago((1_000 - number) * MINUTE_MS),
      }),
    );
    await record('many', { taskEvents });
    const { store } = graphql.services;
    await store.query.executeQuery(CompiledQuery.raw('analyze'));
    const range = { from: Date.parse(ago(10 * MINUTE_MS)), to: Date.parse(NOW) };
    const plan = (await queryPlan(store, completionsQuery(store, 'many', range).compile())).join('\n');
    expect(plan).toMatch(/task_events_project_id_task_id_(received_at_)?timestamp_idx/);
    expect(plan).not.toMatch(/SCAN (event|earlier|task_events)|Seq Scan/);
  });
});

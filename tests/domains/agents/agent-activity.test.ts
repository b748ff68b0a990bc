import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentMetric, gitCommit, RECORD_ACTIVITY, taskEvent, uuidOf } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const at = (minute: number) => new Date(Date.parse('2026-11-22T11:00:00Z') + minute * 60_000).toISOString();

/** The events of the agent "builder" and of others, out of order. */
const ACTIVITY = {
  agentMetrics: [
    agentMetric('builder', { timestamp: at(0) }),
    agentMetric('reviewer', { timestamp: at(0) }),
    agentMetric('idler', { timestamp: at(0) }),
  ],
  agentActivities: [
    { agentId: 'builder', message: 'tests pass', activityType: 'test', timestamp: at(7) },
    { agentId: 'builder', message: 'started', timestamp: at(1), id: uuidOf(1) },
    { agentId: 'reviewer', message: 'reads', timestamp: at(2) },
  ],
  taskEvents: [
    taskEvent('TASK-1', {
      eventType: 'ASSIGNED',
      assignedTo: 'builder',
      changedBy: 'reviewer',
      timestamp: at(3),
    }),
    // Both columns find it, and it is shown once.
    taskEvent('TASK-2', {
      eventType: 'STARTED',
      title: 'Mend',
      assignedTo: 'builder',
      changedBy: 'builder',
      timestamp: at(4),
    }),
    taskEvent('TASK-3', { eventType: 'COMPLETED', timestamp: at(5) }),
  ],
  gitCommits: [
    gitCommit(1, { agentId: 'builder', message: 'Mend the shop\n\nIt was broken.', timestamp: at(6) }),
    gitCommit(2, { agentId: 'nobody', timestamp: at(6) }),
  ],
};

describeEachDatabase("agents' activity", (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    expect((await graphql.data(RECORD_ACTIVITY, { input: ACTIVITY })).recordActivity.rejected).toEqual([]);
    await graphql.data(RECORD_ACTIVITY, { input: ACTIVITY }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('is every event of the agent, newest first, each with a line and the event itself', async () => {
    const { agent } = await graphql.data(`{
      agent(agentId: "builder") {
        activity {
          timestamp kind message
          node { id ... on TaskEvent { taskId } ... on AgentActivity { activityType } ... on GitCommit { shortHash } }
        }
      }
    }`);
    expect(agent.activity).toEqual([
      {
        timestamp: at(7),
        kind: 'ACTIVITY',
        message: 'tests pass',
        node: { id: expect.stringMatching(/^AgentActivity:/), activityType: 'test' },
      },
      {
        timestamp: at(6),
        kind: 'COMMIT',
        message: '0000000 Mend the shop',
        node: { id: expect.stringMatching(/^GitCommit:/), shortHash: '0000000' },
      },
      {
        timestamp: at(4),
        kind: 'TASK',
        message: 'started TASK-2: Mend',
        node: { id: expect.stringMatching(/^TaskEvent:/), taskId: 'TASK-2' },
      },
      {
        timestamp: at(3),
        kind: 'TASK',
        message: 'assigned TASK-1',
        node: { id: expect.stringMatching(/^TaskEvent:/), taskId: 'TASK-1' },
      },
      {
        timestamp: at(1),
        kind: 'ACTIVITY',
        message: 'started',
        node: { id: `AgentActivity:${uuidOf(1)}`, activityType: 'note' },
      },
    ]);
  });

  it('is limited to the newest', async () => {
    const { agent } = await graphql.data('{ agent(agentId: "builder") { activity(first: 2) { kind } } }');
    expect(agent.activity).toEqual([{ kind: 'ACTIVITY' }, { kind: 'COMMIT' }]);
  });

  it('costs the same number of statements for any number of agents', async () => {
    const query = (first: number) =>
      `{ agents(first: ${first}, orderBy: { field: AGENT_ID, direction: ASC }) { nodes { agentId activity { message node { id } } } } }`;
    const { agents } = await graphql.data(query(3));
    expect(
      agents.nodes.map(({ agentId, activity }: { agentId: string; activity: unknown[] }) => [
        agentId,
        activity.length,
      ]),
    ).toEqual([
      ['builder', 5],
      ['idler', 0],
      ['reviewer', 2],
    ]);
    const one = await graphql.countStatements(() => graphql.data(query(1)));
    expect(await graphql.countStatements(() => graphql.data(query(3)))).toBe(one);
    const bare = '{ agents(first: 3) { nodes { activity { kind } } } }';
    // The page's keys and agents, then the keys of the four sources.
    expect(await graphql.countStatements(() => graphql.data(bare))).toBe(6);
  });

  it('has at most the last hundred events by default', async () => {
    const agentActivities = Array.from({ length: 120 }, (_, index) => ({
      agentId: 'idler',
      message: `step ${index}`,
      timestamp: new Date(Date.parse(at(10)) + index).toISOString(),
    }));
    await graphql.data(RECORD_ACTIVITY, { input: { agentActivities } });
    const { agent } = await graphql.data(
      '{ agent(agentId: "idler") { activity { message } all: activity(first: 500) { message } } }',
    );
    expect(agent.activity).toHaveLength(100);
    expect(agent.activity[0]).toEqual({ message: 'step 119' });
    expect(agent.activity[99]).toEqual({ message: 'step 20' });
    expect(agent.all).toHaveLength(120);
  });
});

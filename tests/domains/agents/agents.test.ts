import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentMetric, gitCommit, RECORD_ACTIVITY } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

/**
 * The last reports are a minute ago, at the limit of silence, just beyond it, and long ago; now is
 * noon.
 */
const METRICS = [
  agentMetric('builder', { timestamp: '2026-11-22T11:00:00Z', status: 'IDLE', branch: 'old' }),
  agentMetric('builder', {
    timestamp: '2026-11-22T11:59:00Z',
    currentTask: 'TASK-1',
    branch: 'feature',
    cpuUsage: 150,
    uncommittedChanges: 3,
  }),
  agentMetric('reviewer', { timestamp: '2026-11-22T11:55:00Z', status: 'BLOCKED' }),
  agentMetric('silent', { timestamp: '2026-11-22T11:54:59.999Z' }),
  agentMetric('leaver', { timestamp: '2026-11-22T11:59:30Z', status: 'OFFLINE' }),
];

describeEachDatabase('agents', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const gitCommits = Array.from({ length: 12 }, (_, index) =>
      gitCommit(index, {
        agentId: index % 4 === 0 ? 'reviewer' : 'builder',
        timestamp: `2026-11-22T10:00:${10 + index}Z`,
      }),
    );
    const unknown = [gitCommit(100, { agentId: 'stranger' }), gitCommit(101)];
    const input = { agentMetrics: METRICS, gitCommits: [...gitCommits, ...unknown] };
    expect((await graphql.data(RECORD_ACTIVITY, { input })).recordActivity.rejected).toEqual([]);
    await graphql.data(
      RECORD_ACTIVITY,
      { input: { agentMetrics: [agentMetric('theirs')] } },
      'another-project',
    );
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const list = async (args: string) => {
    const { agents } = await graphql.data(`{ agents(${args}) { totalCount nodes { agentId status } } }`);
    expect(agents.totalCount).toBe(agents.nodes.length);
    return agents.nodes.map(({ agentId, status }: Record<string, string>) => `${agentId} ${status}`).sort();
  };

  it('show their newest metrics', async () => {
    const { agent } = await graphql.data(`{
      agent(agentId: "builder") {
        agentId status reportedStatus currentTask branch cpuUsage uncommittedChanges createdAt updatedAt
      }
    }`);
    expect(agent).toEqual({
      agentId: 'builder',
      status: 'ACTIVE',
      reportedStatus: 'ACTIVE',
      currentTask: 'TASK-1',
      branch: 'feature',
      cpuUsage: 150,
      uncommittedChanges: 3,
      createdAt: '2026-11-22T11:00:00.000Z',
      updatedAt: '2026-11-22T11:59:00.000Z',
    });
  });

  it('are null if the project has no agent with that id', async () => {
    expect(await graphql.data('{ agent(agentId: "theirs") { id } }')).toEqual({ agent: null });
    expect(await graphql.data('{ agent(agentId: "stranger") { id } }')).toEqual({ agent: null });
  });

  it('are OFFLINE after five minutes of silence', async () => {
    expect(await list('first: 10')).toEqual([
      'builder ACTIVE',
      'leaver OFFLINE',
      'reviewer BLOCKED',
      'silent OFFLINE',
    ]);
  });

  it.each([
    ['status: [ACTIVE]', ['builder ACTIVE']],
    ['status: OFFLINE', ['leaver OFFLINE', 'silent OFFLINE']],
    ['status: [BLOCKED, OFFLINE]', ['leaver OFFLINE', 'reviewer BLOCKED', 'silent OFFLINE']],
    ['status: [IDLE]', []],
    ['status: []', []],
    ['status: null, filter: { agentId: { startsWith: "bu" } }', ['builder ACTIVE']],
    ['status: [OFFLINE], filter: { reportedStatus: { eq: ACTIVE } }', ['silent OFFLINE']],
  ])('are listed by the status that they show: %s', async (args, expected) => {
    expect(await list(args)).toEqual(expected);
  });

  it('are listed once if a status is given twice', async () => {
    expect(await list(`status: [${'ACTIVE '.repeat(1_200)}]`)).toEqual(['builder ACTIVE']);
  });

  it('are sorted and paged like every list', async () => {
    const page = async (after: string | null) => {
      const { agents } = await graphql.data(
        `query ($after: String) { agents(status: [OFFLINE, ACTIVE], orderBy: { field: AGENT_ID, direction: ASC }, first: 2, after: $after) {
          nodes { agentId } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      return agents;
    };
    const first = await page(null);
    expect(first).toMatchObject({
      nodes: [{ agentId: 'builder' }, { agentId: 'leaver' }],
      pageInfo: { hasNextPage: true },
    });
    const second = await page(first.pageInfo.endCursor);
    expect(second).toMatchObject({ nodes: [{ agentId: 'silent' }], pageInfo: { hasNextPage: false } });
  });

  it('follow the clock and the configuration', async () => {
    await using patient = await startGraphQL(database, { environment: { AGENT_OFFLINE_SECONDS: '3600' } });
    await patient.data(RECORD_ACTIVITY, { input: { agentMetrics: METRICS } });
    const statusOf = async () => (await patient.data('{ agent(agentId: "silent") { status } }')).agent.status;
    expect(await statusOf()).toBe('ACTIVE');
    patient.clock.advance(55 * 60_000);
    expect(await statusOf()).toBe('OFFLINE');
  });

  it('show their newest metrics even if their clock is ahead, and are OFFLINE when they fall silent', async () => {
    await using ahead = await startGraphQL(database);
    const report = (secondsAhead: number, fields: object) => {
      const timestamp = new Date(ahead.clock.now() + secondsAhead * 1000).toISOString();
      return ahead.data(RECORD_ACTIVITY, {
        input: { agentMetrics: [agentMetric('early', { timestamp, ...fields })] },
      });
    };
    const statusOf = async () => (await ahead.data('{ agent(agentId: "early") { status } }')).agent.status;
    await report(7200, { status: 'IDLE' });
    expect(await statusOf()).toBe('IDLE');
    ahead.clock.advance(60_000);
    await report(0, { status: 'BLOCKED' });
    expect(await statusOf()).toBe('BLOCKED');
    ahead.clock.advance(60_000);
    await report(7200, { status: 'ACTIVE' });
    expect(await statusOf()).toBe('ACTIVE');
    ahead.clock.advance(300_001);
    expect(await statusOf()).toBe('OFFLINE');
  });

  it('show their newest metrics even if their clock is behind, and are OFFLINE when they fall silent', async () => {
    await using behind = await startGraphQL(database);
    const report = (secondsBehind: number, fields: object) => {
      const timestamp = new Date(behind.clock.now() - secondsBehind * 1000).toISOString();
      return behind.data(RECORD_ACTIVITY, {
        input: { agentMetrics: [agentMetric('late', { timestamp, ...fields })] },
      });
    };
    const statusOf = async () => (await behind.data('{ agent(agentId: "late") { status } }')).agent.status;
    await report(7200, { status: 'IDLE' });
    expect(await statusOf()).toBe('OFFLINE');
    behind.clock.advance(60_000);
    await report(7200, { status: 'ACTIVE' });
    expect(await statusOf()).toBe('ACTIVE');
    behind.clock.advance(60_000);
    await report(0, { status: 'BLOCKED' });
    expect(await statusOf()).toBe('BLOCKED');
    // Its clock steps back, as the second report shows.
    behind.clock.advance(60_000);
    await report(7200, { status: 'ERROR' });
    expect(await statusOf()).toBe('BLOCKED');
    behind.clock.advance(60_000);
    await report(7200, { status: 'ERROR' });
    expect(await statusOf()).toBe('ERROR');
    behind.clock.advance(300_001);
    expect(await statusOf()).toBe('OFFLINE');
  });

  it('lead to their last commits, by one statement for all agents', async () => {
    const query = '{ agents(first: 10) { nodes { agentId commits(first: 3) { message } } } }';
    const { agents } = await graphql.data(query);
    const commits = Object.fromEntries(
      agents.nodes.map((agent: { agentId: string; commits: { message: string }[] }) => [
        agent.agentId,
        agent.commits.map(({ message }) => message),
      ]),
    );
    expect(commits).toEqual({
      builder: ['Commit 11', 'Commit 10', 'Commit 9'],
      reviewer: ['Commit 8', 'Commit 4', 'Commit 0'],
      silent: [],
      leaver: [],
    });
    const without = await graphql.countStatements(() =>
      graphql.data('{ agents(first: 10) { nodes { agentId } } }'),
    );
    expect(await graphql.countStatements(() => graphql.data(query))).toBe(without + 1);
  });

  it('lead to their last metrics, by two statements for all agents', async () => {
    const list = (fields: string) => graphql.data(`{ agents(first: 10) { nodes { agentId ${fields} } } }`);
    const metrics = 'metrics(first: 1) { totalCount nodes { status } pageInfo { hasNextPage } }';
    const { agents } = await list(metrics);
    for (const { agentId, metrics } of agents.nodes) {
      const { agent } = await graphql.data(
        `{ agent(agentId: "${agentId}") { all: metrics { nodes { status } } } }`,
      );
      expect(metrics).toEqual({
        totalCount: agent.all.nodes.length,
        nodes: agent.all.nodes.slice(0, 1),
        pageInfo: { hasNextPage: agent.all.nodes.length > 1 },
      });
    }
    const without = await graphql.countStatements(() => list(''));
    // The statements for the pages and the counts.
    expect(await graphql.countStatements(() => list(metrics))).toBe(without + 2);
  });

  it('show ten commits by default, and reject more than 500', async () => {
    const { agent } = await graphql.data('{ agent(agentId: "builder") { commits { commitHash } } }');
    expect(agent.commits).toHaveLength(9);
    for (const field of ['commits', 'activity']) {
      const { errors } = await graphql.run(
        `{ agent(agentId: "builder") { ${field}(first: 501) { timestamp } } }`,
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
    }
  });

  it('are reached from their commits', async () => {
    const { gitCommits } = await graphql.data(
      '{ gitCommits(first: 500, orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { agentId agent { agentId status } } } }',
    );
    const [first] = gitCommits.nodes;
    expect(first).toEqual({ agentId: 'reviewer', agent: { agentId: 'reviewer', status: 'BLOCKED' } });
    expect(gitCommits.nodes).toContainEqual({ agentId: 'stranger', agent: null });
    expect(gitCommits.nodes).toContainEqual({ agentId: null, agent: null });
  });

  it('lead to their metrics', async () => {
    const { agent } = await graphql.data(`{
      agent(agentId: "builder") { metrics(first: 1) { totalCount nodes { branch } } }
    }`);
    expect(agent.metrics).toEqual({ totalCount: 2, nodes: [{ branch: 'feature' }] });
  });

  it('are counted in the summary while they are ACTIVE', async () => {
    const { summary } = await graphql.data('{ summary(range: { last: "PT1H" }) { activeAgents } }');
    expect(summary).toEqual({ activeAgents: 1 });
  });

  describe('agentMetricsHistory', () => {
    const history = (args: string) =>
      graphql.data(`{ agentMetricsHistory(${args}) { totalCount nodes { agentId timestamp status } } }`);

    it('gives the metrics of one agent in a range, the newest first', async () => {
      const { agentMetricsHistory } = await history(
        'agentId: "builder", range: { from: "2026-11-22T11:00:00Z", to: "2026-11-22T12:00:00Z" }',
      );
      expect(agentMetricsHistory).toEqual({
        totalCount: 2,
        nodes: [
          { agentId: 'builder', timestamp: '2026-11-22T11:59:00.000Z', status: 'ACTIVE' },
          { agentId: 'builder', timestamp: '2026-11-22T11:00:00.000Z', status: 'IDLE' },
        ],
      });
    });

    it('accepts a filter and a page as well', async () => {
      const { agentMetricsHistory } = await history(
        'agentId: "builder", range: { last: "PT2H" }, filter: { status: { eq: IDLE } }, first: 1',
      );
      expect(agentMetricsHistory).toMatchObject({ totalCount: 1, nodes: [{ status: 'IDLE' }] });
      const { agentMetricsHistory: half } = await history(
        'agentId: "builder", range: { from: "2026-11-22T11:00:00.001Z", to: "2026-11-22T11:59:00Z" }',
      );
      expect(half).toEqual({ totalCount: 0, nodes: [] });
    });

    it('refuses a range that ends before it begins', async () => {
      const { errors } = await graphql.run(
        '{ agentMetricsHistory(agentId: "b", range: { from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }) { totalCount } }',
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'range.to' } }]);
    });
  });
});

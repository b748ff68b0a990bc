import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentMetric } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [AgentMetricInput!]!) { recordAgentMetrics(input: $input) { rejected { message } } }';
const FIELDS = 'agentId start end samples averageCpuUsage averageMemoryPercent averageMemoryUsage';

const METRICS = [
  agentMetric('builder', {
    timestamp: '2026-11-19T00:00:00Z',
    cpuUsage: 10,
    memoryPercent: 40,
    memoryUsage: 100,
  }),
  agentMetric('builder', { timestamp: '2026-11-19T23:59:59.999Z', cpuUsage: 30, memoryPercent: 20 }),
  agentMetric('builder', { timestamp: '2026-11-21T19:00:00Z', cpuUsage: 50 }),
  agentMetric('reviewer', { timestamp: '2026-11-19T12:00:00Z' }),
  agentMetric('builder', { timestamp: '2026-11-22T11:00:00Z', cpuUsage: 70 }),
];
const RANGE = 'range: { from: "2026-11-19T11:00:00Z", to: "2026-11-21T20:00:00Z" }';

describeEachDatabase('agentMetricsDaily', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordAgentMetrics } = await graphql.data(RECORD, { input: METRICS });
    expect(recordAgentMetrics.rejected).toEqual([]);
    await graphql.data(RECORD, { input: METRICS }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const daily = async (args: string, fields = FIELDS) =>
    (await graphql.data(`{ agentMetricsDaily(${args}) { ${fields} } }`)).agentMetricsDaily;

  const EXPECTED = [
    {
      agentId: 'builder',
      start: '2026-11-19T00:00:00.000Z',
      end: '2026-11-20T00:00:00.000Z',
      samples: 2,
      averageCpuUsage: 20,
      averageMemoryPercent: 30,
      averageMemoryUsage: 100,
    },
    {
      agentId: 'reviewer',
      start: '2026-11-19T00:00:00.000Z',
      end: '2026-11-20T00:00:00.000Z',
      samples: 1,
      averageCpuUsage: null,
      averageMemoryPercent: null,
      averageMemoryUsage: null,
    },
    {
      agentId: 'builder',
      start: '2026-11-21T00:00:00.000Z',
      end: '2026-11-22T00:00:00.000Z',
      samples: 1,
      averageCpuUsage: 50,
      averageMemoryPercent: null,
      averageMemoryUsage: null,
    },
  ];

  it('averages every day that the range touches, as a whole and per agent, without days that have no samples', async () => {
    expect(await daily(RANGE)).toEqual(EXPECTED);
    const thousand = 'range: { from: "2024-02-27T00:00:00Z", to: "2026-11-23T00:00:00Z" }';
    expect(await daily(thousand, 'start')).toHaveLength(METRICS.length - 1);
  });

  it('can be restricted to one agent, and to the agents with the most samples', async () => {
    const agents = (days: { agentId: string }[]) => days.map(({ agentId }) => agentId);
    expect(agents(await daily(`agentId: "reviewer", ${RANGE}`))).toEqual(['reviewer']);
    expect(agents(await daily(`first: 1, ${RANGE}`))).toEqual(['builder', 'builder']);
    expect(await daily(`agentId: "nobody", ${RANGE}`)).toEqual([]);
  });

  it('follows the calendar of a time zone', async () => {
    // In Kolkata, 2026-11-21T19:00Z is half past midnight of the 22nd.
    const days = await daily(`agentId: "builder", timeZone: "Asia/Kolkata", ${RANGE}`, 'start samples');
    expect(days).toEqual([
      { start: '2026-11-18T18:30:00.000Z', samples: 1 },
      { start: '2026-11-19T18:30:00.000Z', samples: 1 },
      { start: '2026-11-21T18:30:00.000Z', samples: 2 },
    ]);
  });

  it('outlives the rows, because it reads days from daily cells', async () => {
    await using old = await startGraphQL(database);
    await old.data(RECORD, { input: METRICS });
    // The state after retention: no rows, and no cells except daily ones.
    await old.services.store.exclusively(async (transaction) => {
      await transaction.deleteFrom('agent_metrics').execute();
      await transaction.deleteFrom('rollup_cells').where('grain', '!=', 'DAY').execute();
    });
    const { agentMetrics, agentMetricsDaily } = await old.data(
      `{ agentMetrics { totalCount } agentMetricsDaily(${RANGE}) { ${FIELDS} } }`,
    );
    expect(agentMetrics).toEqual({ totalCount: 0 });
    expect(agentMetricsDaily).toEqual(EXPECTED);
    // Today is included, although the range ends in the middle of it.
    const { agentMetricsDaily: today } = await old.data(
      '{ agentMetricsDaily(range: { last: "PT1H" }) { agentId averageCpuUsage } }',
    );
    expect(today).toEqual([{ agentId: 'builder', averageCpuUsage: 70 }]);
  });

  it.each([
    ['range: { last: "P1001D" }', 'range'],
    // The range begins and ends within a day.
    ['range: { last: "P1000D" }', 'range'],
    ['first: 51, range: { last: "P1D" }', 'first'],
    ['first: 0, range: { last: "P1D" }', 'first'],
  ])('refuses %s', async (args, argument) => {
    const { errors } = await graphql.run(`{ agentMetricsDaily(${args}) { samples } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentUsage, healthSample, toolCall, uuidOf } from '../../support/events.ts';
import { type Answer, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const HOUR = 'range: { last: "PT1H" }';

interface Case {
  readonly list: string;
  readonly record: string;
  readonly input: string;
  readonly analytics: string;
  readonly live: string;
  readonly make: (fields: Readonly<Record<string, unknown>>) => object;
  readonly whole: Readonly<Record<string, unknown>>;
  /** The measure with which analytics and orders are tested. */
  readonly measure: string;
  /** Rejected events, and the field that the error names. */
  readonly refused: [wrong: Readonly<Record<string, unknown>>, field: string][];
}

/**
 * Datasets with an event that has every column, and the values with which lists and analytics are
 * queried.
 */
const DATASETS: readonly Case[] = [
  {
    list: 'healthSamples',
    record: 'recordHealthSamples',
    input: 'HealthSampleInput',
    analytics: 'healthSampleAnalytics',
    live: 'healthSampleRecorded',
    make: healthSample,
    whole: {
      overallStatus: 'DEGRADED',
      apiLatencyMs: 12.5,
      websocketConnections: 4,
      fileWatchEvents: 5,
      errorCount: 6,
      cpuUsage: 70.5,
      memoryUsage: 80,
      diskUsage: 90,
      details: { database: { status: 'DEGRADED' } },
    },
    measure: 'cpuUsage',
    refused: [
      [{ cpuUsage: 100.1 }, 'cpuUsage'],
      [{ overallStatus: 'FINE' }, 'overallStatus'],
      [{ errorCount: -1 }, 'errorCount'],
    ],
  },
  {
    list: 'ragMetrics',
    record: 'recordRagMetrics',
    input: 'RagMetricInput',
    analytics: 'ragMetricAnalytics',
    live: 'ragMetricRecorded',
    make: (fields) => fields,
    whole: {
      totalPatterns: 1,
      totalQueries: 2,
      averageResponseTimeMs: 3.5,
      hitRate: 0.5,
      memoryUsage: 1e9,
      queryVolumeLastHour: 6,
      topPatterns: [{ pattern: 'retry', count: 1 }],
      recentQueries: ['a', { b: 1 }],
    },
    measure: 'averageResponseTimeMs',
    refused: [
      [{ hitRate: 1.01 }, 'hitRate'],
      [{ totalQueries: 1.5 }, 'totalQueries'],
    ],
  },
  {
    list: 'toolCalls',
    record: 'recordToolCalls',
    input: 'ToolCallInput',
    analytics: 'toolCallAnalytics',
    live: 'toolCallRecorded',
    make: toolCall,
    whole: {
      requestId: 'request-1',
      agentId: 'builder',
      sessionId: 'session-1',
      tool: 'create_issue',
      mcpServer: 'github',
      success: false,
      decision: 'ACCEPTED',
      durationMs: 12.5,
      errorType: 'timeout',
    },
    measure: 'durationMs',
    refused: [
      [{ tool: '' }, 'tool'],
      [{ decision: 'ASKED' }, 'decision'],
      [{ decision: 'REJECTED', success: true }, 'success'],
      [{ success: null }, 'success'],
    ],
  },
  {
    list: 'agentUsage',
    record: 'recordAgentUsage',
    input: 'AgentUsageInput',
    analytics: 'agentUsageAnalytics',
    live: 'agentUsageRecorded',
    make: agentUsage,
    whole: { agentId: 'builder', sessionId: 'session-1', kind: 'ACTIVE_SECONDS', amount: 2.5 },
    measure: 'amount',
    refused: [
      [{ kind: 'LINES' }, 'kind'],
      [{ amount: -1 }, 'amount'],
    ],
  },
];

describeEachDatabase('datasets', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  describe.each(DATASETS)(
    '$list',
    ({ list, record, input, analytics, live, make, whole, measure, refused }) => {
      const mutation = `mutation ($input: [${input}!]!) { ${record}(input: $input) { accepted duplicates rejected { field } } }`;
      const send = async (...events: object[]) => (await graphql.data(mutation, { input: events }))[record];
      const fields = `uuid timestamp service environment attributes ${Object.keys(whole).join(' ')}`;

      it('returns a complete event as it was sent, by list, node and live tail, and stores it once', async () => {
        const stream = await graphql.subscribe(`subscription { ${live} { ${fields} } }`);
        const event = {
          id: uuidOf(1),
          timestamp: '2026-11-22T11:00:00.000Z',
          service: 'api',
          environment: 'production',
          attributes: { zone: 'a' },
          ...whole,
        };
        expect(await send(event)).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
        expect(await send(event)).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
        const { id, ...sent } = event;
        const expected = { uuid: id, ...sent };
        const { nodes } = (await graphql.data(`{ ${list}(first: 1) { nodes { ${fields} } } }`))[list];
        expect(nodes).toEqual([expected]);
        const { data } = (await stream.next()).value as Answer;
        expect(JSON.parse(JSON.stringify(data))).toEqual({ [live]: expected });
        await stream.return?.();
      });

      it.each(refused)('refuses %j and stores the others', async (wrong, field) => {
        const stored = { id: uuidOf(2), timestamp: '2026-11-22T11:20:00Z', service: 'web', [measure]: 10 };
        const { rejected } = await send(make(wrong), make(stored));
        expect(rejected).toEqual([{ field }]);
      });

      it('can be filtered, ordered and counted', async () => {
        await send(make({ id: uuidOf(3), timestamp: '2026-11-22T11:40:00Z', service: 'web', [measure]: 30 }));
        const order = `orderBy: { field: ${measure.replace(/[A-Z]/g, '_$&').toUpperCase()}, direction: DESC }`;
        const query = `{ ${list}(filter: { service: { eq: "web" } }, ${order}) { totalCount nodes { ${measure} } } }`;
        expect((await graphql.data(query))[list]).toEqual({
          totalCount: 2,
          nodes: [{ [measure]: 30 }, { [measure]: 10 }],
        });
      });

      it('has analytics', async () => {
        const groups = `groups { dimensions { service } stats { count ${measure} { avg max p95 } } }`;
        const { totals, ...rest } = (
          await graphql.data(
            `{ ${analytics}(${HOUR}) { totals { count ${measure} { count sum } } ${groups} } }`,
          )
        )[analytics];
        const own = whole[measure] as number;
        expect(totals).toEqual({ count: 3, [measure]: { count: 3, sum: own + 40 } });
        expect(rest.groups).toEqual([
          {
            dimensions: { service: 'web' },
            stats: { count: 2, [measure]: { avg: 20, max: 30, p95: expect.closeTo(29, -1) } },
          },
          {
            dimensions: { service: 'api' },
            stats: { count: 1, [measure]: expect.objectContaining({ avg: own }) },
          },
        ]);
      });
    },
  );
});

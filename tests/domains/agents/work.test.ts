import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import {
  agentMetric,
  errorLog,
  gitCommit,
  llmCall,
  RECORD_ACTIVITY,
  requestLog,
  taskEvent,
} from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const HOUR = 'range: { from: "2026-11-22T10:00:00Z", to: "2026-11-22T11:00:00Z" }';

const at = (event: object) => ({ ...event, timestamp: '2026-11-22T10:30:00Z' });
const COMMIT = gitCommit(0x8b1a9953c461, { timestamp: '2026-11-22T09:00:00Z' });
const RELEASE = COMMIT['commitHash'] as string;
const WORK = [
  { agentId: 'builder', taskId: 'TASK-1', release: RELEASE },
  { agentId: 'builder', taskId: 'TASK-2', release: '1.4.0' },
  { agentId: 'stranger', taskId: 'TASK-9', release: RELEASE.slice(0, 7) },
  {},
];
const COSTS = [0.5, 0.25, 0.125, 1];

describeEachDatabase('the work for which calls and requests were made', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = {
      agentMetrics: [agentMetric('builder', { timestamp: '2026-11-22T11:59:00Z' })],
      taskEvents: ['TASK-1', 'TASK-2'].map((taskId) => taskEvent(taskId, at({ title: `Do ${taskId}` }))),
      gitCommits: [COMMIT],
      llmCalls: WORK.map((work, index) => llmCall(at({ ...work, cost: COSTS[index] }))),
      requestLogs: WORK.map((work, index) => requestLog(`r-${index}`, at(work))),
    };
    expect((await graphql.data(RECORD_ACTIVITY, { input })).recordActivity.rejected).toEqual([]);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const FIELDS = 'agentId taskId release agent { agentId } task { title } releaseCommit { commitHash }';
  const LEADS_TO = [
    { agent: { agentId: 'builder' }, task: { title: 'Do TASK-1' }, releaseCommit: { commitHash: RELEASE } },
    { agent: { agentId: 'builder' }, task: { title: 'Do TASK-2' }, releaseCommit: null },
    { agent: null, task: null, releaseCommit: null },
    { agent: null, task: null, releaseCommit: null },
  ];
  const NONE = { agentId: null, taskId: null, release: null };

  it.each(['llmCalls', 'requestLogs'])('is reached from %s', async (list) => {
    const data = await graphql.data(`{ ${list}(first: 9) { nodes { ${FIELDS} } } }`);
    const expected = WORK.map((work, index) => ({ ...NONE, ...work, ...LEADS_TO[index] }));
    expect(data[list].nodes).toHaveLength(expected.length);
    expect(data[list].nodes).toEqual(expect.arrayContaining(expected));
  });

  it('is looked up for all rows at once', async () => {
    const statements = (first: number) =>
      graphql.countStatements(() => graphql.data(`{ llmCalls(first: ${first}) { nodes { ${FIELDS} } } }`));
    expect(await statements(4)).toBe(await statements(3));
  });

  it.each([
    ['agentId', { null: 1, builder: 0.75, stranger: 0.125 }],
    ['taskId', { null: 1, 'TASK-1': 0.5, 'TASK-2': 0.25, 'TASK-9': 0.125 }],
    ['release', { null: 1, [RELEASE]: 0.5, '1.4.0': 0.25, [RELEASE.slice(0, 7)]: 0.125 }],
  ])('groups costs: %s', async (dimension, costs) => {
    const { llmCallAnalytics } = await graphql.data(
      `{ llmCallAnalytics(${HOUR}) { source { kind } groups { dimensions { ${dimension} } stats { cost { sum } } } } }`,
    );
    expect(llmCallAnalytics.source.kind).toBe('ROLLUP');
    const pairs = llmCallAnalytics.groups.map(
      ({ dimensions, stats }: { dimensions: Record<string, string>; stats: { cost: { sum: number } } }) => [
        String(dimensions[dimension]),
        stats.cost.sum,
      ],
    );
    expect(Object.fromEntries(pairs)).toEqual(costs);
  });

  it('counts requests, and filters requests and calls', async () => {
    const { requestLogAnalytics, llmCalls } = await graphql.data(`{
      requestLogAnalytics(${HOUR}, filter: { agentId: { eq: "builder" } }) { source { kind } totals { count } }
      llmCalls(first: 9, filter: { taskId: { eq: "TASK-2" }, release: { eq: "1.4.0" } }) { nodes { cost } }
    }`);
    expect(requestLogAnalytics).toEqual({ source: { kind: 'ROLLUP' }, totals: { count: 2 } });
    expect(llmCalls.nodes).toEqual([{ cost: 0.25 }]);
  });

  it('is limited to the project', async () => {
    const call = llmCall(at({ agentId: 'builder', taskId: 'TASK-1', release: RELEASE }));
    await graphql.data(RECORD_ACTIVITY, { input: { llmCalls: [call] } }, 'another-project');
    const query =
      '{ llmCalls(first: 9) { nodes { agent { agentId } task { title } releaseCommit { commitHash } } } }';
    const { llmCalls } = await graphql.data(query, {}, 'another-project');
    expect(llmCalls.nodes).toEqual([{ agent: null, task: null, releaseCommit: null }]);
  });

  describe('of a call', () => {
    const PROJECT = 'together';
    const BUILDER = { agentId: 'builder', taskId: 'TASK-1', release: RELEASE };
    const send = async (input: object) =>
      (
        await graphql.data(
          'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted duplicates ids rejected { dataset index field } } }',
          { input },
          PROJECT,
        )
      ).recordActivity;
    const storedOf = async (requestId: string) => {
      const query = `query ($filter: LlmCallFilter) {
        llmCalls(filter: $filter, orderBy: { field: LATENCY_MS, direction: ASC }) { nodes { agentId taskId release } }
      }`;
      const filter = { requestId: { eq: requestId } };
      return (await graphql.data(query, { filter }, PROJECT)).llmCalls.nodes;
    };
    const callsOf = (requestId: string, ...fields: object[]) =>
      fields.map((some, index) => llmCall({ requestId, latencyMs: index, ...some }));

    it('is taken from its request if the call names none', async () => {
      const activity = {
        requestLogs: [
          requestLog('r-built', BUILDER),
          requestLog('r-plain'),
          requestLog('r-built', { agentId: 'late' }),
        ],
        llmCalls: [
          ...callsOf('r-built', {}, { agentId: null, taskId: '' }, { agentId: 'tester' }),
          ...callsOf('r-plain', {}),
          ...callsOf('r-elsewhere', {}),
        ],
        errorLogs: [errorLog({ requestId: 'r-built' })],
      };
      const first = await send(activity);
      expect(first).toMatchObject({ accepted: 8, duplicates: 1, rejected: [] });
      expect(await storedOf('r-built')).toEqual([BUILDER, BUILDER, { ...BUILDER, agentId: 'tester' }]);
      expect(await storedOf('r-plain')).toEqual([NONE]);
      expect(await storedOf('r-elsewhere')).toEqual([NONE]);
      // Ids are derived from the sent events, so a retry is recognised even if the request has
      // changed.
      expect(await send(activity)).toMatchObject({ accepted: 0, duplicates: 9, ids: first.ids });
      const silent = activity.requestLogs.map(({ requestId }) => requestLog(requestId as string));
      expect(await send({ ...activity, requestLogs: silent })).toMatchObject({ accepted: 0, ids: first.ids });
      expect(await storedOf('r-built')).toEqual([BUILDER, BUILDER, { ...BUILDER, agentId: 'tester' }]);
    });

    it('is taken from a refused request as well, except for invalid values', async () => {
      const works = { agentId: 'builder', taskId: 7, release: 'x'.repeat(201) };
      const wrong = { requestLogs: [requestLog('r-wrong', works)], llmCalls: callsOf('r-wrong', {}) };
      expect(await send(wrong)).toMatchObject({
        accepted: 1,
        rejected: [{ dataset: 'requestLogs', index: 0, field: 'taskId' }],
      });
      expect(await storedOf('r-wrong')).toEqual([{ ...NONE, agentId: 'builder' }]);
      const late = {
        requestLogs: [requestLog('r-late', { ...BUILDER, latencyMs: -1 })],
        llmCalls: callsOf('r-late', {}),
      };
      expect(await send(late)).toMatchObject({ accepted: 1, rejected: [{ field: 'latencyMs' }] });
      expect(await storedOf('r-late')).toEqual([BUILDER]);
    });

    it('is missing if the request was recorded before the call', async () => {
      await send({ requestLogs: [requestLog('r-before', BUILDER)] });
      await send({ llmCalls: callsOf('r-before', {}) });
      expect(await storedOf('r-before')).toEqual([NONE]);
    });
  });
});

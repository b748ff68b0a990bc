import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import {
  agentUsage,
  errorLog,
  llmCall,
  RECORD_ACTIVITY,
  requestLog,
  toolCall,
  uuidOf,
} from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

type Fields = Readonly<Record<string, unknown>>;

const at = (minute: number) => new Date(Date.parse('2026-11-22T10:00:00Z') + minute * 60_000).toISOString();

/**
 * The events of session `s-1`, each with its own id, so that they are the same events in any order
 * of sending.
 */
const EVENTS: readonly { readonly dataset: string; readonly event: Fields }[] = [
  { dataset: 'toolCalls', event: toolCall({ timestamp: at(0), agentId: 'planner', service: 'cli' }) },
  {
    dataset: 'toolCalls',
    event: toolCall({ timestamp: at(5), tool: 'Edit', durationMs: 20, agentId: 'builder' }),
  },
  {
    dataset: 'toolCalls',
    event: toolCall({ timestamp: at(4), tool: 'Edit', durationMs: 5, success: false, agentId: 'builder' }),
  },
  { dataset: 'toolCalls', event: toolCall({ timestamp: at(6), success: false, decision: 'REJECTED' }) },
  { dataset: 'agentUsage', event: agentUsage({ timestamp: at(7), amount: 30, service: 'ide' }) },
  { dataset: 'agentUsage', event: agentUsage({ timestamp: at(3), amount: 2 }) },
  { dataset: 'agentUsage', event: agentUsage({ timestamp: at(3), kind: 'LINES_REMOVED', amount: 4 }) },
  { dataset: 'agentUsage', event: agentUsage({ timestamp: at(2), kind: 'COMMITS', amount: 1 }) },
  { dataset: 'agentUsage', event: agentUsage({ timestamp: at(2), kind: 'ACTIVE_SECONDS', amount: 12.5 }) },
  {
    dataset: 'llmCalls',
    event: llmCall({
      timestamp: at(1),
      cost: 0.1,
      totalTokens: 2_000_000_000,
      tags: { repo: 'acme/shop', branch: 'main' },
    }),
  },
  {
    dataset: 'llmCalls',
    event: llmCall({ timestamp: at(2), cost: 0.2, totalTokens: 2_000_000_000, tags: { branch: 'fix' } }),
  },
  {
    dataset: 'llmCalls',
    event: llmCall({ timestamp: at(1), model: 'unheard-of', statusCode: 500, cost: null }),
  },
  { dataset: 'llmCalls', event: llmCall({ timestamp: at(1), model: 'unheard-of', totalTokens: 5 }) },
  { dataset: 'errorLogs', event: errorLog({ timestamp: at(1) }) },
  { dataset: 'agentActivities', event: { agentId: 'reviewer', message: 'Read', timestamp: at(-1) } },
].map(({ dataset, event }, index) => ({ dataset, event: { id: uuidOf(index), sessionId: 's-1', ...event } }));

const SESSION = {
  sessionId: 's-1',
  service: 'ide',
  agentId: 'builder',
  agentIds: ['builder', 'planner', 'reviewer'],
  repository: 'acme/shop',
  branch: 'fix',
  startedAt: at(-1),
  updatedAt: at(7),
  durationMs: 8 * 60_000,
  requestCount: 0,
  llmCallCount: 4,
  failedLlmCallCount: 1,
  unpricedLlmCallCount: 1,
  totalTokens: 4_000_000_005,
  // Nano-USD add up exactly: 0.1 + 0.2 is more in floating point.
  cost: 0.3,
  errorCount: 1,
  toolCallCount: 4,
  failedToolCallCount: 2,
  rejectedToolCallCount: 1,
  linesAdded: 32,
  linesRemoved: 4,
  commits: 1,
  pullRequests: 0,
  activeSeconds: 12.5,
};
const QUERY = `query ($id: String!) { session(sessionId: $id) { ${Object.keys(SESSION).join(' ')} } }`;

describeEachDatabase('sessions', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const send = async (events: typeof EVENTS, project: string) => {
    const names = [...new Set(events.map(({ dataset }) => dataset))];
    const of = (name: string) => events.filter(({ dataset }) => dataset === name).map(({ event }) => event);
    const input = Object.fromEntries(names.map((name) => [name, of(name)]));
    const { recordActivity } = await graphql.data(RECORD_ACTIVITY, { input }, project);
    expect(recordActivity.rejected).toEqual([]);
  };
  const session = async (project: string, id = 's-1') => (await graphql.data(QUERY, { id }, project)).session;

  it('add up their events', async () => {
    await send(EVENTS, 'at-once');
    expect(await session('at-once')).toEqual(SESSION);
    expect(await session('at-once', 'unknown')).toBeNull();
    expect(await session('another-project')).toBeNull();
  });

  it('are the same for events in any order, one by one, or sent again', async () => {
    for (const event of [...EVENTS].reverse()) await send([event], 'reversed');
    expect(await session('reversed')).toEqual(SESSION);
    await send(EVENTS, 'reversed');
    await send([...EVENTS.slice(3), ...EVENTS.slice(2)], 'reversed');
    expect(await session('reversed')).toEqual(SESSION);
  });

  it('keep totals within the limits of storage, even if their events cost more', async () => {
    const calls = Array.from({ length: 1025 }, (_, index) => ({
      dataset: 'llmCalls',
      event: llmCall({ sessionId: 's-1', cost: 9e6, totalTokens: 2 ** 31 - 1, latencyMs: index }),
    }));
    await send(calls.slice(0, 1000), 'dear');
    await send(calls.slice(1000), 'dear');
    expect(await session('dear')).toMatchObject({ llmCallCount: 1025, cost: 9_000_000 });
  });

  it('are not extended by a clock that is ahead', async () => {
    const event = toolCall({ sessionId: 's-1', timestamp: '2026-11-22T20:00:00Z' });
    await send([{ dataset: 'toolCalls', event }], 'ahead');
    expect(await session('ahead')).toMatchObject({ startedAt: '2026-11-22T12:00:00.000Z', durationMs: 0 });
  });

  it('show their events and tools, and can be found from an event', async () => {
    const { session: found } = await graphql.data(
      `{ session(sessionId: "s-1") {
        toolCalls(first: 1, orderBy: { field: TIMESTAMP, direction: ASC }) {
          totalCount nodes { agentId session { sessionId toolCallCount } }
        }
        agentUsage(filter: { kind: { eq: LINES_ADDED } }) { nodes { amount } }
        tools { tool mcpServer calls failed rejected durationMs }
      } }`,
      {},
      'at-once',
    );
    expect(found).toEqual({
      toolCalls: {
        totalCount: 4,
        nodes: [{ agentId: 'planner', session: { sessionId: 's-1', toolCallCount: 4 } }],
      },
      agentUsage: { nodes: [{ amount: 30 }, { amount: 2 }] },
      tools: [
        { tool: 'Bash', mcpServer: null, calls: 2, failed: 1, rejected: 1, durationMs: null },
        { tool: 'Edit', mcpServer: null, calls: 2, failed: 1, rejected: 0, durationMs: 25 },
      ],
    });
  });

  it('add up their tools in any order, and read the calls if the totals are incomplete', async () => {
    const asked =
      '{ session(sessionId: "s-1") { tools { tool mcpServer calls failed rejected durationMs } } }';
    const tools = async (project: string) => (await graphql.data(asked, {}, project)).session.tools;
    const { query } = graphql.services.store;
    const edits = { tool: 'Edit', mcpServer: null, calls: 2, failed: 1, rejected: 0, durationMs: 25 };
    const others = [{ tool: 'Bash', mcpServer: null, calls: 2, failed: 1, rejected: 1, durationMs: null }];
    // Retention removes calls, but the totals stay.
    await query.deleteFrom('tool_calls').where('project_id', '=', 'reversed').execute();
    expect(await tools('reversed')).toEqual([...others, edits]);
    // A session that an older version began continues.
    await send(EVENTS, 'older');
    await query
      .updateTable('sessions')
      .set({ tool_totals: null })
      .where('project_id', '=', 'older')
      .execute();
    const event = toolCall({
      sessionId: 's-1',
      tool: 'Edit',
      durationMs: 5,
      mcpServer: 'ide',
      timestamp: at(9),
    });
    await send([{ dataset: 'toolCalls', event }], 'older');
    const once = { tool: 'Edit', mcpServer: 'ide', calls: 1, failed: 0, rejected: 0, durationMs: 5 };
    expect(await tools('older')).toEqual([...others, edits, once]);
  });

  it('show at most 500 tools each, the most called first', async () => {
    const called = (sessionId: string, tool: string) => ({
      dataset: 'toolCalls',
      event: toolCall({ sessionId, tool, timestamp: at(0) }),
    });
    const names = Array.from({ length: 501 }, (_, index) => `tool-${String(index).padStart(3, '0')}`);
    await send(
      [...[...names, 'tool-500'].map((tool) => called('many', tool)), called('few', 'Bash')],
      'tools',
    );
    const { sessions } = await graphql.data(
      '{ sessions(orderBy: { field: TOOL_CALL_COUNT, direction: DESC }) { nodes { tools { tool calls } } } }',
      {},
      'tools',
    );
    const [many, few] = sessions.nodes.map(({ tools }: { tools: object[] }) => tools);
    expect(many).toHaveLength(500);
    expect(many.slice(0, 2)).toEqual([
      { tool: 'tool-500', calls: 2 },
      { tool: 'tool-000', calls: 1 },
    ]);
    expect(few).toEqual([{ tool: 'Bash', calls: 1 }]);
  });

  it('store long names with few characters, and still show all tools', async () => {
    const calls = Array.from({ length: 100 }, (_, index) => ({
      dataset: 'toolCalls',
      event: toolCall({ sessionId: 's-1', tool: `${index}-`.padEnd(200, 'x'), timestamp: at(0) }),
    }));
    for (let sent = 0; sent < 2; sent++) await send(calls, 'long');
    const { session: found } = await graphql.data(
      '{ session(sessionId: "s-1") { tools { calls } } }',
      {},
      'long',
    );
    expect(found.tools).toEqual(calls.map(() => ({ calls: 2 })));
    const stored = await graphql.services.store.prisma.session.findFirst({ where: { projectId: 'long' } });
    expect(JSON.stringify(stored?.toolTotals).length).toBeLessThan(10_000);
  });

  it('use the session of the request that they are sent with', async () => {
    const input = {
      requestLogs: [requestLog('r-1', { sessionId: 's-2', agentId: 'builder', tags: { repo: 'acme/shop' } })],
      llmCalls: [llmCall({ requestId: 'r-1', cost: 1 })],
      toolCalls: [toolCall({ requestId: 'r-1' })],
    };
    for (let sent = 0; sent < 2; sent++) await graphql.data(RECORD_ACTIVITY, { input }, 'request');
    expect(await session('request', 's-2')).toMatchObject({
      ...{ requestCount: 1, llmCallCount: 1, toolCallCount: 1, cost: 1 },
      ...{ agentIds: ['builder'], repository: 'acme/shop' },
    });
  });

  it('are listed by their start, and filtered by agent', async () => {
    const begun = (sessionId: string, minute: number, agentId: string) => ({
      dataset: 'toolCalls',
      event: toolCall({ sessionId, timestamp: at(minute), agentId }),
    });
    await send([begun('a', 0, 'x'), begun('b', 10, 'y'), begun('b', 20, 'x'), begun('c', 30, 'x')], 'list');
    const list = async (args: string) =>
      (await graphql.data(`{ sessions(${args}) { totalCount nodes { sessionId } } }`, {}, 'list')).sessions;
    const named = (...ids: string[]) => ({
      totalCount: ids.length,
      nodes: ids.map((sessionId) => ({ sessionId })),
    });
    expect(await list('first: 10')).toEqual(named('c', 'b', 'a'));
    expect(await list(`range: { from: "${at(10)}", to: "${at(30)}" }`)).toEqual(named('b'));
    expect(await list('filter: { agentIds: { has: "y" } }')).toEqual(named('b'));
    expect(await list('filter: { agentId: { eq: "x" } }, orderBy: { field: TOOL_CALL_COUNT }')).toMatchObject(
      {
        totalCount: 3,
        nodes: [{ sessionId: 'b' }, {}, {}],
      },
    );
    const cost = (sessionId: string, dollars: number, repo: string) => ({
      dataset: 'llmCalls',
      event: llmCall({ sessionId, cost: dollars, tags: { repo } }),
    });
    await send([cost('a', 2, 'shop'), cost('c', 3, 'shop'), cost('b', 4, 'blog')], 'list');
    const costliest = 'orderBy: { field: COST, direction: DESC }';
    expect(await list(costliest)).toEqual(named('b', 'c', 'a'));
    expect(await list(`filter: { repository: { eq: "shop" } }, ${costliest}`)).toEqual(named('c', 'a'));
    expect(await list('filter: { cost: { gt: 2.5 } }')).toEqual(named('c', 'b'));
    const { errors } = await graphql.run('{ sessions(range: { last: "P1" }) { totalCount } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

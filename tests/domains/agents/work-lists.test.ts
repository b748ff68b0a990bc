import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { columnOf } from '../../../src/core/dataset/table.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../src/declarations/traffic/request-logs.ts';
import { pageQuery } from '../../../src/lists/list-page.ts';
import { newestPerKeyQuery } from '../../../src/lists/newest-per-key.ts';
import { notOnCitus } from '../../support/citus.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import {
  agentMetric,
  gitCommit,
  llmCall,
  RECORD_ACTIVITY,
  requestLog,
  taskEvent,
  uuidOf,
} from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';

const START = Date.parse(NOW) - 3_600_000;

const COMMITS = [gitCommit(0x8b1a9953c461), gitCommit(0x5d41402abc4b)];
const RELEASES = COMMITS.map(({ commitHash }) => commitHash as string);
const AGENTS = ['builder', 'tester'];
const TASKS = ['TASK-1', 'TASK-2'];
/** One in ten of 1,000 events belongs to a parent: the first and the second in turn. */
const COUNT = 1000;
const workOf = (index: number) =>
  index % 10 === 0
    ? {
        agentId: AGENTS[(index / 10) % 2],
        taskId: TASKS[(index / 10) % 2],
        release: RELEASES[(index / 10) % 2],
      }
    : {};
const indexes = Array.from({ length: COUNT }, (_, index) => index);
const timed = (index: number) => ({
  ...workOf(index),
  timestamp: new Date(START + index * 1000).toISOString(),
});

/** Each relation: the entity, its list, what the list contains, and the column. */
const PARENTS = [
  ['agent(agentId: "builder")', 'agentId', AGENTS],
  ['task(taskId: "TASK-1")', 'taskId', TASKS],
  [`commit: gitCommits(first: 1, filter: { commitHash: { eq: "${RELEASES[0]}" } })`, 'release', RELEASES],
] as const;

describeEachDatabase('the lists of work done for an agent, a task and a release', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = {
      agentMetrics: AGENTS.map((agentId) => agentMetric(agentId)),
      taskEvents: TASKS.map((taskId) => taskEvent(taskId)),
      gitCommits: COMMITS,
      llmCalls: indexes.map((index) => llmCall({ id: uuidOf(index), latencyMs: index, ...timed(index) })),
      requestLogs: indexes.map((index) => requestLog(`r-${index}`, { latencyMs: index, ...timed(index) })),
    };
    expect((await graphql.data(RECORD_ACTIVITY, { input })).recordActivity.rejected).toEqual([]);
    const others = { ...input, agentMetrics: [], taskEvents: [], gitCommits: [], requestLogs: [] };
    await graphql.data(RECORD_ACTIVITY, { input: others }, 'another-project');
    await graphql.services.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  /** The value of the parent's field. */
  async function ask(parent: string, list: string, args: string, selection: string) {
    const field = `${list}${args} { ${selection} }`;
    const data = await graphql.data(
      parent.startsWith('commit:') ? `{ ${parent} { nodes { ${field} } } }` : `{ ${parent} { ${field} } }`,
    );
    const [found] = Object.values(data) as { nodes?: Record<string, unknown>[] }[];
    return ((found?.nodes?.[0] ?? found) as Record<string, unknown>)[list] as {
      totalCount: number;
      nodes: { latencyMs: number }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }

  const CASES = PARENTS.flatMap(([parent]) =>
    ['llmCalls', 'requestLogs'].map((list) => [parent, list] as const),
  );
  const PAGE = 'totalCount nodes { latencyMs } pageInfo { hasNextPage endCursor }';

  it.each(CASES)('%s { %s } gives pages, newest first', async (parent, list) => {
    const seen: number[] = [];
    let args = '(first: 20)';
    for (let pages = 1; ; pages++) {
      const { totalCount, nodes, pageInfo } = await ask(parent, list, args, PAGE);
      expect(totalCount).toBe(COUNT / 20);
      seen.push(...nodes.map(({ latencyMs }) => latencyMs));
      if (!pageInfo.hasNextPage) {
        expect(pages).toBe(3);
        break;
      }
      args = `(first: 20, after: "${pageInfo.endCursor}")`;
    }
    expect(seen).toEqual(Array.from({ length: COUNT / 20 }, (_, index) => COUNT - 20 - index * 20));
  });

  it.each(CASES)('%s { %s } accepts filters and orders', async (parent, list) => {
    const args = '(filter: { latencyMs: { gte: 900 } }, orderBy: { field: LATENCY_MS, direction: ASC })';
    const { nodes } = await ask(parent, list, args, PAGE);
    expect(nodes.map(({ latencyMs }) => latencyMs)).toEqual([900, 920, 940, 960, 980]);
  });

  it.each(['agents', 'tasks', 'gitCommits'])(
    'cost as many statements for one of %s as for all',
    async (parents) => {
      const selection = `llmCalls(first: 3) { ${PAGE} } requestLogs { nodes { endpoint } }`;
      const statements = (first: number) =>
        graphql.countStatements(async () => {
          const data = await graphql.data(`{ ${parents}(first: ${first}) { nodes { ${selection} } } }`);
          expect(data[parents].nodes).toHaveLength(first);
        });
      expect(await statements(2)).toBe(await statements(1));
    },
  );

  it('cover only the work of the project', async () => {
    await graphql.data(
      RECORD_ACTIVITY,
      { input: { agentMetrics: [agentMetric('builder')] } },
      'another-project',
    );
    const query = '{ agent(agentId: "builder") { llmCalls { totalCount } requestLogs { totalCount } } }';
    const { agent } = await graphql.data(query, {}, 'another-project');
    expect(agent).toEqual({ llmCalls: { totalCount: COUNT / 20 }, requestLogs: { totalCount: 0 } });
  });

  async function explain(query: { compile(): CompiledQuery }): Promise<string> {
    return (await queryPlan(graphql.services.store, query.compile())).join('\n');
  }

  const COLUMNS = [llmCalls, requestLogs].flatMap((table) =>
    PARENTS.map(([, column, values]) => ({ table, list: table.name, column, values })),
  );

  it.skipIf(notOnCitus('PLANS')).each(COLUMNS)(
    '$list by $column are found by their index',
    async ({ table, column, values }) => {
      const { store } = graphql.services;
      const { sqlName } = columnOf(table, column);
      const index = new RegExp(
        database.dialect === 'sqlite'
          ? `SEARCH ${table.table} USING INDEX ${table.table}_project_id_${sqlName}_timestamp_idx`
          : `Index (?:Only )?Scan Backward using ${table.table}_project_id_${sqlName}_timestamp_idx`,
      );
      const first = { projectId: 'default', table, column, keys: values, first: 3 };
      expect(await explain(newestPerKeyQuery(store, first))).toMatch(index);
      const scope = { table, projectId: 'default', filter: isOneOf(column, values.slice(0, 1)) };
      const order = { column: columnOf(table, 'timestamp'), direction: 'desc' } as const;
      const after = { value: START + 500_000, id: uuidOf(500) };
      const page = { order, limit: 2, backward: false, after, before: null };
      expect(await explain(pageQuery(store, { scope, page }))).toMatch(index);
    },
  );
});

import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentActivities } from '../../src/declarations/agents/agent-activities.ts';
import { findNewestPerKey, newestPerKeyQuery } from '../../src/lists/newest-per-key.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { queryPlan } from '../support/query-plan.ts';

const RECORD =
  'mutation ($input: [AgentActivityInput!]!) { recordAgentActivities(input: $input) { accepted } }';
const START = Date.parse('2026-11-20T00:00:00.123Z');

describeEachDatabase('the newest events of each key', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    // Four of five events belong to one agent, and two events share each instant.
    const input = Array.from({ length: 2000 }, (_, index) => ({
      id: uuidOf(index),
      agentId: index % 5 === 0 ? `agent-${index % 50}` : 'busy',
      message: `step ${index}`,
      timestamp: new Date(START + Math.floor(index / 2)).toISOString(),
    }));
    await graphql.data(RECORD, { input });
    await graphql.data(RECORD, { input: input.slice(0, 1) }, 'another-project');
    await graphql.services.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const find = (keys: readonly string[], first: number) =>
    findNewestPerKey(graphql.services.store, {
      projectId: 'default',
      table: agentActivities,
      column: 'agentId',
      keys,
      first,
    });

  it('are found for all keys in one statement, ties by id', async () => {
    let found: Awaited<ReturnType<typeof find>> = new Map();
    const statements = await graphql.countStatements(async () => {
      found = await find(['busy', 'agent-0', "o'nobody"], 3);
    });
    expect(statements).toBe(1);
    const keyOf = (index: number) => ({ id: uuidOf(index), timestamp: START + Math.floor(index / 2) });
    expect([...found]).toEqual(
      expect.arrayContaining([
        ['busy', [1999, 1998, 1997].map(keyOf)],
        ['agent-0', [1950, 1900, 1850].map(keyOf)],
      ]),
    );
    expect(found.size).toBe(2);
  });

  it('need no statement without keys', async () => {
    expect(await graphql.countStatements(() => find([], 3))).toBe(0);
  });

  it.skipIf(notOnCitus('PLANS'))('are found by the index on the key and the timestamp', async () => {
    const { store } = graphql.services;
    const wanted = { table: agentActivities, column: 'agentId', keys: ['busy', 'agent-0'], first: 3 };
    const query = newestPerKeyQuery(store, { projectId: 'default', ...wanted });
    const plan = (await queryPlan(store, query.compile())).join('\n');
    expect(plan).toMatch(
      database.dialect === 'sqlite'
        ? /SEARCH agent_activities USING INDEX agent_activities_project_id_agent_id_timestamp_idx \(project_id=\? AND agent_id=\?\)/
        : /Index Scan Backward using agent_activities_project_id_agent_id_timestamp_idx/,
    );
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/time/units.ts';
import { sessions } from '../../src/declarations/agents/sessions.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createExpiringTallies } from '../../src/retention/expiring-tallies.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { RECORD_ACTIVITY, toolCall } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../support/graphql.ts';

describeEachDatabase('the retention of sessions', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (sessionId: string, project: string) =>
    graphql.data(RECORD_ACTIVITY, { input: { toolCalls: [toolCall({ sessionId })] } }, project);
  const stored = async (project: string) => {
    const query = '{ sessions { nodes { sessionId toolCallCount } } }';
    const { nodes } = (await graphql.data(query, {}, project)).sessions;
    return nodes.map(
      ({ sessionId, toolCallCount }: Record<string, unknown>) => `${sessionId} ${toolCallCount}`,
    );
  };

  it('removes sessions that are over and have no events left, and counts those that outlive their events', async () => {
    await record('over', 'default');
    await record('continued', 'default');
    await record('kept', 'keeps');
    await graphql.data(
      'mutation { setRetentionPolicy(input: { dataset: "toolCalls", rowDays: null, hourDays: null }) { retentionPolicy { rowDays } } }',
      {},
      'keeps',
    );
    graphql.clock.advance(91 * DAY_MS);
    await record('continued', 'default');
    await graphql.services.retention.run();
    expect(await stored('default')).toEqual(['continued 2']);
    expect(await stored('keeps')).toEqual(['kept 1']);
  });

  it('removes in batches, stops between them, and counts beforehand', async () => {
    const { store } = graphql.services;
    for (const session of ['a', 'b', 'c']) await record(session, 'batches');
    await store.query.deleteFrom('tool_calls').where('project_id', '=', 'batches').execute();
    const expiring = createExpiringTallies({ store, state: sessions, datasets, batchSize: 2 });
    const before = Date.parse(NOW) + 200 * DAY_MS;
    expect(await expiring.remove(before, { dryRun: true })).toBe(3);
    expect(await expiring.remove(before, { signal: AbortSignal.abort() })).toBe(0);
    expect(await expiring.remove(before, {})).toBe(3);
    expect(await stored('batches')).toEqual([]);
    expect(await stored('default')).toEqual(['continued 2']);
  });
});

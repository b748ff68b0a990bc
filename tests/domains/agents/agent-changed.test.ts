import { expect, it } from 'vitest';
import { createAgentWatch, MAX_WATCHED_AGENTS } from '../../../src/domains/agents/agents/watch-agents.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { agentMetric } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { createTurns } from '../../support/turns.ts';

const RECORD = 'mutation ($input: [AgentMetricInput!]!) { recordAgentMetrics(input: $input) { accepted } }';
const at = (graphql: TestGraphQL) => ({ timestamp: new Date(graphql.clock.now()).toISOString() });

describeEachDatabase('agentChanged', (database) => {
  const record = (graphql: TestGraphQL, agentId: string, fields = {}, projectId = 'default') =>
    graphql.data(RECORD, { input: [agentMetric(agentId, { ...at(graphql), ...fields })] }, projectId);

  it('sends each agent at once, then each agent that changed', async () => {
    await using graphql = await startGraphQL(database);
    await record(graphql, 'builder', { branch: 'main' });
    await record(graphql, 'reviewer', { status: 'IDLE' });
    await record(graphql, 'theirs', {}, 'another-project');
    const stream = await graphql.subscribe(
      'subscription { agentChanged { agentId status currentTask branch cpuUsage } }',
    );
    const next = async () => (await stream.next()).value.data.agentChanged;
    expect(await next()).toMatchObject({ agentId: 'builder', status: 'ACTIVE', branch: 'main' });
    expect(await next()).toMatchObject({ agentId: 'reviewer', status: 'IDLE' });
    const changed = next();
    graphql.clock.advance(1000);
    // A change of processor use alone is not sent; the next change carries it.
    await record(graphql, 'reviewer', { status: 'IDLE', cpuUsage: 90 });
    await record(graphql, 'builder', { branch: 'main', currentTask: 'TASK-7', cpuUsage: 50 });
    expect(await changed).toEqual({
      agentId: 'builder',
      status: 'ACTIVE',
      currentTask: 'TASK-7',
      branch: 'main',
      cpuUsage: 50,
    });
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const { live } = graphql.services;
    await expect.poll(() => live.hasSubscribers('agentMetrics.recorded')).toBe(false);
    expect(live.hasSubscribers('agents.default')).toBe(false);
  });

  it('begins with the agents that reported last, if there are very many', async () => {
    await using graphql = await startGraphQL(database);
    await record(graphql, 'silent');
    graphql.clock.advance(1000);
    const input = Array.from({ length: MAX_WATCHED_AGENTS }, (_, index) =>
      agentMetric(`agent-${index}`, at(graphql)),
    );
    await graphql.data(RECORD, { input });
    const turns = createTurns();
    const stream = createAgentWatch({ pause: turns.pause })(
      { services: graphql.services, projectId: 'default', caller: callerOf() },
      null,
    );
    const first = [];
    for (let count = 0; count < MAX_WATCHED_AGENTS; count++) first.push((await stream.next()).value.agentId);
    expect(new Set(first).size).toBe(MAX_WATCHED_AGENTS);
    expect(first).not.toContain('silent');
    const next = stream.next();
    graphql.clock.advance(1000);
    await record(graphql, 'silent', { status: 'IDLE' });
    await turns.pass(1);
    expect((await next).value).toMatchObject({ agentId: 'silent', status: 'IDLE' });
    await stream.return?.();
  });

  it('reports silence by the clock, and reads once for all subscribers', async () => {
    await using graphql = await startGraphQL(database);
    await record(graphql, 'builder');
    const turns = createTurns();
    const watch = createAgentWatch({ pause: turns.pause });
    const context = { services: graphql.services, projectId: 'default', caller: callerOf() };
    const [stream, other] = [watch(context, null), watch(context, 'builder')];
    const next = async (of: typeof stream) => (await of.next()).value;
    expect(await next(stream)).toMatchObject({ agentId: 'builder', status: 'ACTIVE' });
    expect(await next(other)).toMatchObject({ status: 'ACTIVE' });
    const silent = Promise.all([next(stream), next(other)]);
    graphql.clock.advance(300_001);
    const statements = await graphql.countStatements(async () => {
      await turns.pass(5);
      expect(await silent).toMatchObject([{ status: 'OFFLINE' }, { status: 'OFFLINE' }]);
    });
    expect(statements).toBe(1);
    const back = next(stream);
    await record(graphql, 'builder');
    await turns.pass(1);
    expect(await back).toMatchObject({ status: 'ACTIVE' });
    await Promise.all([stream.return?.(), other.return?.()]);
    await turns.pass(1);
    await expect.poll(() => graphql.services.live.hasSubscribers('agentMetrics.recorded')).toBe(false);
  });

  it('sends a slow subscriber only the last state', async () => {
    await using graphql = await startGraphQL(database);
    const turns = createTurns();
    const watch = createAgentWatch({ pause: turns.pause });
    const stream = watch({ services: graphql.services, projectId: 'default', caller: callerOf() }, 'builder');
    // There is no agent with that name yet, so the first state is empty and the test waits for the
    // next.
    const first = stream.next();
    await record(graphql, 'reviewer');
    await record(graphql, 'builder');
    await turns.pass(1);
    expect((await first).value).toMatchObject({ agentId: 'builder', status: 'ACTIVE' });
    for (const status of ['IDLE', 'BLOCKED', 'ERROR']) {
      graphql.clock.advance(1);
      await record(graphql, 'builder', { status });
      await turns.pass(2);
    }
    expect((await stream.next()).value).toMatchObject({ status: 'ERROR' });
    await stream.return?.();
    await turns.pass(1);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { requestLog } from '../../support/events.ts';
import { type Answer, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }';
const FIELDS = 'status reasons errorRate errorCount requests window { from to } checkedAt';

describeEachDatabase('health', (database) => {
  let graphql: TestGraphQL;
  let recorded = 0;
  let tests = 0;
  /** Each test has its own, on one database. */
  let project: string;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(() => {
    project = `project-${++tests}`;
    graphql.clock.set(Date.parse(NOW));
  });

  async function record(succeeded: number, failed: number, projectId = project): Promise<void> {
    const timestamp = new Date(graphql.clock.now() - 1000).toISOString();
    const input = Array.from({ length: succeeded + failed }, (_, index) =>
      requestLog(`r-${recorded++}`, { statusCode: index < succeeded ? 200 : 500, timestamp }),
    );
    await graphql.data(RECORD, { input }, projectId);
  }

  const ask = (source: string) => graphql.data(source, {}, project);
  const watch = (fields: string) =>
    graphql.subscribe(`subscription { healthChanged { ${fields} } }`, {}, project);
  const statusOf = async (stream: AsyncIterableIterator<Answer>) =>
    (await stream.next()).value.data.healthChanged.status;

  it('follows the error rate of the last five minutes', async () => {
    await record(18, 2);
    const { health } = await ask(`{ health { ${FIELDS} } }`);
    expect(health).toEqual({
      status: 'DEGRADED',
      reasons: ['2 of 20 requests failed (10 %): 5 % or more is degraded.'],
      errorRate: 0.1,
      errorCount: 2,
      requests: 20,
      window: { from: '2026-11-22T11:55:00.000Z', to: NOW },
      checkedAt: NOW,
    });
    graphql.clock.advance(5 * 60_000);
    const { health: later } = await ask('{ health { status requests errorRate } }');
    expect(later).toEqual({ status: 'HEALTHY', requests: 0, errorRate: null });
  });

  it('stays within the project', async () => {
    await record(0, 30, 'another-project');
    expect((await ask('{ health { status requests } }')).health).toEqual({
      status: 'HEALTHY',
      requests: 0,
    });
  });

  it('takes its thresholds from the configuration', async () => {
    await using strict = await startGraphQL(database, {
      environment: {
        HEALTH_DEGRADED_ERROR_RATE: '0.01',
        HEALTH_UNHEALTHY_ERROR_RATE: '0.02',
        HEALTH_MINIMUM_REQUESTS: '2',
        HEALTH_WINDOW_SECONDS: '60',
      },
    });
    const timestamp = '2026-11-22T11:59:30Z';
    const input = [requestLog('a', { statusCode: 500, timestamp }), requestLog('b', { timestamp })];
    await strict.data(RECORD, { input });
    const { health } = await strict.data('{ health { status window { from } } }');
    expect(health).toEqual({ status: 'UNHEALTHY', window: { from: '2026-11-22T11:59:00.000Z' } });
  });

  it('can be watched: it sends the present state at once, then each change, and leaves nothing open', async () => {
    const { live } = graphql.services;
    const stream = await watch(FIELDS);
    const other = await watch('status');
    expect(await statusOf(stream)).toBe('HEALTHY');
    expect(await statusOf(other)).toBe('HEALTHY');
    await record(10, 10);
    expect(await statusOf(stream)).toBe('UNHEALTHY');
    expect(await statusOf(other)).toBe('UNHEALTHY');
    await record(180, 0);
    expect(await statusOf(stream)).toBe('DEGRADED');
    await other.return?.();
    // All events have left the window. No request triggers this, but the timer does.
    graphql.clock.advance(10 * 60_000);
    expect(await statusOf(stream)).toBe('HEALTHY');
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => live.hasSubscribers('requestLogs.recorded')).toBe(false);
    expect(live.hasSubscribers('healthSamples.recorded')).toBe(false);
    expect(live.hasSubscribers(`health.${project}`)).toBe(false);
  });

  it('sends the state to a new subscriber after the last one has left', async () => {
    const first = await watch('status');
    expect(await statusOf(first)).toBe('HEALTHY');
    await first.return?.();
    await expect.poll(() => graphql.services.live.hasSubscribers('requestLogs.recorded')).toBe(false);
    const second = await watch('status');
    expect(await statusOf(second)).toBe('HEALTHY');
    await record(0, 20);
    expect(await statusOf(second)).toBe('UNHEALTHY');
    await second.return?.();
  });
});

import { expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, requestLog } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';

/** Delays of the event loop do not count here, because the machine of the tests may be busy. */
const ENVIRONMENT = {
  HEALTH_RECOVERY_SECONDS: '0',
  HEALTH_DEGRADED_EVENT_LOOP_MS: '1000000',
  HEALTH_UNHEALTHY_EVENT_LOOP_MS: '1000000',
};
const CREATE = `mutation { createAlertRule(input: {
  ruleId: "busy", name: "Many calls", dataset: "llmCalls", aggregate: COUNT, comparator: GT, warning: 2, window: "PT1M"
}) { rule { ruleId } } }`;
const CALLS = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const REQUESTS = 'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }';

const timesOf = (count: number, timestamp: string) => Array.from({ length: count }, () => ({ timestamp }));

async function sources(app: TestApp, status: string): Promise<unknown[]> {
  const source = `{ alerts(filter: { status: { eq: ${status} } }) { nodes { source } } }`;
  const { alerts } = await app.query<{ alerts: { nodes: { source: string }[] } }>(source);
  return alerts.nodes.map((node) => node.source).sort();
}

const waitFor = (app: TestApp, status: string, wanted: readonly string[]) =>
  expect.poll(() => sources(app, status)).toEqual(wanted);

/** The instance that evaluates rules and health. */
async function holders({ app }: TestApp): Promise<string[]> {
  const name = { in: ['alert-rules', 'health-alerts'] };
  const leases = await app.services.store.prisma.lease.findMany({ where: { name } });
  return leases.map(({ holder }) => holder);
}

describeEachDatabase('alerting of a running server', (database) => {
  test('raises alerts automatically, survives a restart, and resolves them', async () => {
    const clock = createTestClock('2026-11-22T12:00:00Z');
    const timestamp = '2026-11-22T11:59:59Z';
    const first = await startApp({ database, environment: ENVIRONMENT, clock });
    await first.query(CREATE);
    await first.query(CALLS, { input: timesOf(3, timestamp).map(llmCall) });
    const failed = { statusCode: 500, timestamp };
    await first.query(REQUESTS, {
      input: Array.from({ length: 30 }, (_, index) => requestLog(`r-${index}`, failed)),
    });
    // The clock stands still, so the test moves it beyond the interval of the rule.
    clock.advance(6_000);
    await waitFor(first, 'OPEN', ['health', 'rule:busy']);
    await first[Symbol.asyncDispose]();
    await using second = await startApp({
      database,
      environment: ENVIRONMENT,
      clock,
      databaseUrl: first.databaseUrl,
    });
    clock.advance(10 * 60_000);
    await waitFor(second, 'RESOLVED', ['health', 'rule:busy']);
    expect(await sources(second, 'OPEN')).toEqual([]);
  });

  test.runIf(database.dialect === 'postgresql')(
    'is done by one of two servers, and by the other one when the first stops',
    async () => {
      const clock = createTestClock('2026-11-22T12:00:00Z');
      const first = await startApp({ database, environment: ENVIRONMENT, clock });
      await expect.poll(() => holders(first), { interval: 20 }).toHaveLength(2);
      const before = await holders(first);
      await using second = await startApp({
        database,
        environment: ENVIRONMENT,
        clock,
        databaseUrl: first.databaseUrl,
      });
      await first.query(CREATE);
      await second.query(CALLS, { input: timesOf(3, '2026-11-22T11:59:59Z').map(llmCall) });
      clock.advance(6_000);
      await waitFor(first, 'OPEN', ['rule:busy']);
      await first[Symbol.asyncDispose]();
      clock.advance(60_000);
      await waitFor(second, 'RESOLVED', ['rule:busy']);
      await expect.poll(() => holders(second), { interval: 20 }).toHaveLength(2);
      for (const holder of await holders(second)) expect(before).not.toContain(holder);
    },
  );
});

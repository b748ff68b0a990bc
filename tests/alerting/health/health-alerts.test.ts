import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHealthAlerts } from '../../../src/alerting/health/health-alerts.ts';
import type { LeasedWork } from '../../../src/alerting/lease/leased-work.ts';
import { healthSamples } from '../../../src/declarations/health/health-samples.ts';
import { requestLogs } from '../../../src/declarations/traffic/request-logs.ts';
import { readVerdict } from '../../../src/health/read-health.ts';
import { type AlertRules, alertRulesOf } from '../../domains/alerts/support/alert-rules.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { healthSample, requestLog } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { createTestSchedule, type TestSchedule } from '../../support/test-schedule.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const RECORD = 'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }';
const SAMPLE = 'mutation ($input: [HealthSampleInput!]!) { recordHealthSamples(input: $input) { accepted } }';

describeEachDatabase('alerts of health', (database) => {
  let graphql: TestGraphQL;
  let alerts: AlertRules['alerts'];
  let schedule: TestSchedule;
  let work: LeasedWork;
  let reads: string[];
  let recorded = 0;
  let whileReading: () => Promise<void>;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    alerts = alertRulesOf(graphql.run).alerts;
    start();
  });
  afterEach(async () => {
    await work.stop();
    await graphql[Symbol.asyncDispose]();
  });

  function start(recoverMs = 0): void {
    schedule = createTestSchedule();
    reads = [];
    whileReading = () => Promise.resolve();
    const { services } = graphql;
    work = createHealthAlerts({
      ...services,
      ...services.alerting,
      schedule,
      log: { error: (details, message) => expect.unreachable(`${message}: ${JSON.stringify(details)}`) },
      projects: () => ['default'],
      datasets: [requestLogs, healthSamples],
      recoverMs,
      async readHealth(projectId) {
        reads.push(projectId);
        await whileReading();
        return readVerdict({ services, projectId });
      },
    });
    work.start();
  }

  async function record(succeeded: number, failed: number, projectId?: string): Promise<void> {
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    const input = Array.from({ length: succeeded + failed }, (_, index) =>
      requestLog(`r-${recorded++}`, { statusCode: index < succeeded ? 200 : 500, timestamp }),
    );
    await graphql.data(RECORD, { input }, projectId);
  }

  async function turnAfter(milliseconds: number): Promise<void> {
    graphql.clock.advance(milliseconds);
    await schedule.round();
  }

  const shown = async () =>
    (await alerts('title status resolution')).map(({ title, status, resolution }) => [
      title,
      status,
      resolution,
    ]);

  test('are raised when health gets worse, and resolved when it has recovered, across restarts', async () => {
    await schedule.round();
    expect(await shown()).toEqual([]);
    await record(18, 2);
    await turnAfter(SECOND);
    const fields =
      'alertId type severity status title message source metadata ruleId labels value threshold raisedAt resolution';
    const reasons = ['2 of 20 requests failed (10 %): 5 % or more is degraded.'];
    expect(await alerts(fields)).toEqual([
      {
        alertId: expect.stringMatching(/^health:[0-9a-f-]{36}$/),
        type: 'SYSTEM',
        severity: 'WARNING',
        status: 'OPEN',
        title: 'Health is DEGRADED',
        message: reasons[0],
        source: 'health',
        metadata: { from: 'HEALTHY', to: 'DEGRADED', reasons },
        ruleId: null,
        labels: null,
        value: null,
        threshold: null,
        raisedAt: new Date(graphql.clock.now()).toISOString(),
        resolution: null,
      },
    ]);
    await work.stop();
    start();
    await turnAfter(SECOND);
    expect(await shown()).toEqual([['Health is DEGRADED', 'OPEN', null]]);
    await record(0, 20);
    await work.stop();
    start();
    await turnAfter(SECOND);
    expect(await shown()).toEqual([
      ['Health is DEGRADED', 'RESOLVED', 'ESCALATED'],
      ['Health is UNHEALTHY', 'OPEN', null],
    ]);
    const [, worse] = await alerts('severity metadata');
    expect(worse).toMatchObject({ severity: 'CRITICAL', metadata: { from: 'DEGRADED', to: 'UNHEALTHY' } });
    // There are no more queries, so the failures leave the window.
    await work.stop();
    start();
    await turnAfter(6 * MINUTE);
    expect(await shown()).toEqual([
      ['Health is DEGRADED', 'RESOLVED', 'ESCALATED'],
      ['Health is UNHEALTHY', 'RESOLVED', 'RECOVERED'],
    ]);
    expect(await graphql.services.store.prisma.alertState.count()).toBe(0);
  });

  test('are resolved when health has been HEALTHY for long enough; if it gets worse before that, the same alert continues', async () => {
    await work.stop();
    start(MINUTE);
    const sample = async (overallStatus: string) => {
      const timestamp = new Date(graphql.clock.now() - 1).toISOString();
      await graphql.data(SAMPLE, {
        input: [healthSample({ overallStatus, service: 'checkout', timestamp })],
      });
    };
    await sample('DEGRADED');
    await schedule.round();
    const open = [['Health is DEGRADED', 'OPEN', null]];
    expect(await shown()).toEqual(open);
    await sample('HEALTHY');
    await turnAfter(SECOND);
    await turnAfter(50 * SECOND);
    expect(await shown()).toEqual(open);
    await sample('DEGRADED');
    await turnAfter(SECOND);
    await sample('HEALTHY');
    await turnAfter(SECOND);
    await turnAfter(59 * SECOND);
    expect(await shown()).toEqual(open);
    await work.stop();
    start(MINUTE);
    await turnAfter(SECOND);
    expect(await shown()).toEqual([['Health is DEGRADED', 'RESOLVED', 'RECOVERED']]);
  });

  test('show the present status as health gets better and worse', async () => {
    await record(0, 20);
    await schedule.round();
    expect(await shown()).toEqual([['Health is UNHEALTHY', 'OPEN', null]]);
    // 20 of 220 failed.
    await record(200, 0);
    await turnAfter(SECOND);
    const better = [
      ['Health is UNHEALTHY', 'RESOLVED', 'RECOVERED'],
      ['Health is DEGRADED', 'OPEN', null],
    ];
    expect(await shown()).toEqual(better);
    expect((await alerts('severity message metadata')).at(-1)).toMatchObject({
      severity: 'WARNING',
      message: expect.stringContaining('20 of 220 requests failed'),
      metadata: { from: 'UNHEALTHY', to: 'DEGRADED' },
    });
    await turnAfter(10 * SECOND);
    expect(await shown()).toEqual(better);
    await record(0, 200);
    await turnAfter(SECOND);
    expect((await shown()).slice(1)).toEqual([
      ['Health is DEGRADED', 'RESOLVED', 'ESCALATED'],
      ['Health is UNHEALTHY', 'OPEN', null],
    ]);
    expect((await alerts('metadata')).at(-1)).toMatchObject({
      metadata: { from: 'DEGRADED', to: 'UNHEALTHY' },
    });
  });

  test('that were resolved by hand while health was UNHEALTHY are raised when health becomes UNHEALTHY again', async () => {
    await record(0, 20);
    await schedule.round();
    const [{ alertId }] = (await alerts('alertId')) as [{ alertId: string }];
    await graphql.services.alerting.alertBook.change('default', (writer) =>
      writer.resolve(alertId, 'BY_HAND', 'ann'),
    );
    await record(200, 0);
    await turnAfter(SECOND);
    expect(await shown()).toEqual([['Health is UNHEALTHY', 'RESOLVED', 'BY_HAND']]);
    await record(0, 200);
    await turnAfter(SECOND);
    expect((await shown()).at(-1)).toEqual(['Health is UNHEALTHY', 'OPEN', null]);
    expect((await alerts('metadata')).at(-1)).toMatchObject({
      metadata: { from: 'DEGRADED', to: 'UNHEALTHY' },
    });
  });

  test('are left to other instances if this one stops in between', async () => {
    await record(0, 20);
    let stopped: Promise<void> | undefined;
    whileReading = async () => {
      stopped = work.stop();
    };
    await schedule.round();
    await stopped;
    expect(reads).toEqual(['default']);
    expect(await shown()).toEqual([]);
    start();
    await schedule.round();
    expect(await shown()).toEqual([['Health is UNHEALTHY', 'OPEN', null]]);
  });

  test('follow the samples of services', async () => {
    const timestamp = new Date(graphql.clock.now() - 1).toISOString();
    const sample = healthSample({ overallStatus: 'UNHEALTHY', service: 'checkout', timestamp });
    await graphql.data(SAMPLE, { input: [sample] });
    await schedule.round();
    expect(await alerts('title message')).toEqual([
      { title: 'Health is UNHEALTHY', message: 'checkout reports itself as unhealthy.' },
    ]);
  });

  test('are evaluated after new events of the project, and otherwise every five seconds', async () => {
    await schedule.round();
    await turnAfter(SECOND);
    await record(1, 0, 'another');
    await turnAfter(SECOND);
    expect(reads).toHaveLength(1);
    await record(1, 0);
    await schedule.round();
    expect(reads).toHaveLength(2);
    for (let second = 0; second < 10; second++) await turnAfter(SECOND);
    expect(reads).toEqual(['default', 'default', 'default', 'default']);
  });

  test('that were resolved by hand stay resolved until health gets worse', async () => {
    await record(18, 2);
    await schedule.round();
    const [{ alertId }] = (await alerts('alertId')) as [{ alertId: string }];
    await graphql.services.alerting.alertBook.change('default', (writer) =>
      writer.resolve(alertId, 'BY_HAND', 'ann'),
    );
    await turnAfter(10 * SECOND);
    expect(await shown()).toEqual([['Health is DEGRADED', 'RESOLVED', 'BY_HAND']]);
    await record(0, 20);
    await turnAfter(SECOND);
    expect((await shown()).at(-1)).toEqual(['Health is UNHEALTHY', 'OPEN', null]);
  });
});

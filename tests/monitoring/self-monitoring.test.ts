import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { OWN_RULES } from '../../src/monitoring/own-rules.ts';
import { createSelfMonitoring } from '../../src/monitoring/self-monitoring.ts';
import { callerOf } from '../support/callers.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestSchedule } from '../support/test-schedule.ts';
import { WELL } from './support.ts';

const START = '2026-11-22T12:00:00.000Z';
const MINUTE = 60_000;
const RULE_IDS = OWN_RULES.map(({ ruleId }) => ruleId).sort();
const RULES =
  '{ alertRules(first: 50, orderBy: { field: RULE_ID, direction: ASC }) { nodes { ruleId name problem } } }';

describeEachDatabase('a server that watches itself', (database) => {
  const clock = createTestClock(START);
  const load = { eventLoopDelayMs: 3, memoryBytes: 1e8, uptimeSeconds: 59 };
  let databaseUrl: string;
  let server: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    databaseUrl = await database.createMigratedUrl();
    server = await start('one');
  });
  afterAll(() => server.app.stop());

  /** A server, and one minute of its life. */
  async function start(instance: string, environment: Record<string, string> = {}) {
    const schedule = createTestSchedule();
    const config = loadConfig({
      ...{ DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent', INSTANCE_NAME: instance },
      COLUMN_STORE_FILE: join(tmpdir(), `${instance}.columns.duckdb`),
      ...environment,
    });
    const processLoad = { read: () => load, stop: () => undefined };
    const app = await createApp(config, { clock, schedule, processLoad });
    await app.start();
    return {
      app,
      async liveFor(minutes: number) {
        for (let minute = 0; minute < minutes; minute++) {
          clock.advance(MINUTE);
          await schedule.round();
        }
      },
    };
  }

  async function ask(query: string) {
    const request = new Request('http://in.process/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await (await server.app.fetch(request, callerOf('default'))).json()) as Answer;
    expect(errors).toBeUndefined();
    return data;
  }

  it('leaves no trace in its first minute', async () => {
    await server.liveFor(1);
    expect(await ask('{ healthSamples { totalCount } alertRules { totalCount } }')).toEqual({
      healthSamples: { totalCount: 0 },
      alertRules: { totalCount: 0 },
    });
  });

  it('then records its own state', async () => {
    load.uptimeSeconds = 61;
    await server.liveFor(1);
    const { healthSamples } = await ask(
      '{ healthSamples { nodes { service environment overallStatus errorCount cpuUsage memoryUsage diskUsage ' +
        'apiLatencyMs websocketConnections timestamp attributes } } }',
    );
    expect(healthSamples.nodes).toEqual([
      {
        ...{ service: 'telltale', environment: null, overallStatus: expect.any(String), errorCount: 0 },
        cpuUsage: expect.any(Number),
        memoryUsage: expect.any(Number),
        diskUsage: expect.any(Number),
        apiLatencyMs: expect.any(Number),
        websocketConnections: 0,
        timestamp: new Date(Date.parse(START) + 2 * MINUTE).toISOString(),
        attributes: {
          ...{ instance: 'one', ready: true, uptimeSeconds: 61, eventLoopDelayMs: 3, memoryBytes: 1e8 },
          ...{ queueShare: 0, subscriptions: 0, deliveriesWaiting: 0, deliveriesOverdue: 0 },
          ...(notOnCitus('COLUMNS') ? {} : { columnsLate: 0 }),
          diskFreeBytes: expect.any(Number),
          databaseBytes: expect.any(Number),
        },
      },
    ]);
    const { attributes } = healthSamples.nodes[0];
    expect(attributes.databaseBytes).toBeGreaterThan(100_000);
    expect(attributes.diskFreeBytes).toBeGreaterThan(1_000_000);
  });

  it('makes rules that the server can evaluate', async () => {
    await server.liveFor(1);
    const { alertRules } = await ask(RULES);
    expect(alertRules.nodes.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(RULE_IDS);
    expect(alertRules.nodes.filter(({ problem }: { problem: unknown }) => problem !== null)).toEqual([]);
  });

  it('creates a rule once: a rule that somebody deleted or changed stays so after a restart', async () => {
    await ask('mutation { deleteAlertRule(input: { ruleId: "telltale-queue" }) { rule { ruleId } } }');
    await ask(
      'mutation { updateAlertRule(input: { ruleId: "telltale-columns", name: "Mine" }) { rule { ruleId } } }',
    );
    await server.app.stop();
    server = await start('two');
    await server.liveFor(1);
    const { alertRules, healthSamples } = await ask(
      `{ ${RULES.slice(1, -1)} healthSamples(orderBy: { field: TIMESTAMP, direction: DESC }, first: 1) { nodes { attributes } } }`,
    );
    const names = new Map(
      alertRules.nodes.map((rule: { ruleId: string; name: string }) => [rule.ruleId, rule.name]),
    );
    expect([...names.keys()]).toEqual(RULE_IDS.filter((id) => id !== 'telltale-queue'));
    expect(names.get('telltale-columns')).toBe('Mine');
    expect(healthSamples.nodes[0].attributes.instance).toBe('two');
  });

  it('raises an alert of its own, and leaves the health of the project to the services', async () => {
    load.memoryBytes = Number.MAX_SAFE_INTEGER;
    await server.liveFor(7);
    const { alerts, health } = await ask(
      '{ alerts { nodes { ruleId severity value } } health { status services { service status reasons } } }',
    );
    expect(alerts.nodes).toContainEqual({ ruleId: 'telltale-memory', severity: 'CRITICAL', value: 100 });
    expect(alerts.nodes.map(({ ruleId }: { ruleId: string | null }) => ruleId)).not.toContain(null);
    expect(health.status).toBe('HEALTHY');
    expect(health.services).toEqual([
      {
        ...{ service: 'telltale', status: 'UNHEALTHY' },
        reasons: expect.arrayContaining(['Memory use of telltale is 100 %: 95 % or more is unhealthy.']),
      },
    ]);
  });

  it('records nothing when it is off, and names a project that does not exist', async () => {
    const samples = '{ healthSamples { totalCount } }';
    const before = await ask(samples);
    const off = await start('off', { SELF_MONITORING: 'off', SELF_MONITORING_PROJECT: 'ops' });
    await off.liveFor(1);
    await off.app.stop();
    expect(await ask(samples)).toEqual(before);
    await expect(start('lost', { SELF_MONITORING_PROJECT: 'ops' })).rejects.toThrow(
      'SELF_MONITORING_PROJECT=ops: there is no such project.',
    );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
type Answer = { data: any; errors?: unknown[] };

describe('a server whose database is unavailable', () => {
  function createFailing() {
    const clock = createTestClock(START);
    const recorded: unknown[][] = [];
    const state = { isAway: true, projects: ['default'] };
    const monitoring = createSelfMonitoring({
      ...{ projectId: 'default', instance: 'a', thresholds: loadConfig({}).health, clock },
      ids: createIdSource(clock),
      ingest: {
        async record(_project, [input]) {
          if (state.isAway) throw new Error('away');
          recorded.push([...(input?.events ?? [])]);
          return { accepted: 1, duplicates: 0, rejected: [], ids: [] };
        },
      },
      analytics: { totals: async () => ({ value: { rowCount: 1 } }) as never },
      projects: () => state.projects,
      readFacts: async () => WELL,
      createRule: async () => undefined,
    });
    return { clock, recorded, state, monitoring };
  }

  it('keeps its samples of the last hour, and records them once', async () => {
    const { clock, recorded, state, monitoring } = createFailing();
    for (let minute = 0; minute < 70; minute++) {
      await expect(monitoring.run()).rejects.toThrow('away');
      clock.advance(MINUTE);
    }
    state.isAway = false;
    await monitoring.run();
    await monitoring.run();
    expect(recorded.map((samples) => samples.length)).toEqual([60, 1]);
    expect(recorded[0]?.[0]).toMatchObject({
      timestamp: new Date(Date.parse(START) + 11 * MINUTE).toISOString(),
    });
  });

  it('records nothing in a project that was deleted', async () => {
    const { recorded, state, monitoring } = createFailing();
    Object.assign(state, { isAway: false, projects: ['other'] });
    await monitoring.run();
    expect(recorded).toEqual([]);
  });
});

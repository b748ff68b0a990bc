import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { healthSample, requestLog } from '../../support/events.ts';
import { type Answer, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const SAMPLES =
  'mutation ($input: [HealthSampleInput!]!) { recordHealthSamples(input: $input) { accepted } }';
const REQUESTS = 'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }';
const SERVICE =
  'service environment status reasons sampledAt stale cpuUsage memoryUsage diskUsage apiLatencyMs websocketConnections ' +
  'errorCount requests errorRate';

describeEachDatabase('health of services', (database) => {
  let graphql: TestGraphQL;
  let requests = 0;
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

  const at = (secondsAgo: number) => new Date(graphql.clock.now() - secondsAgo * 1000).toISOString();
  const sample = (...input: Record<string, unknown>[]) =>
    graphql.data(SAMPLES, { input: input.map((fields) => healthSample(fields)) }, project);
  const ask = (source: string) => graphql.data(source, {}, project);
  const record = (service: string | null, succeeded: number, failed: number) => {
    const fields = { timestamp: at(1), ...(service !== null && { service }) };
    const input = Array.from({ length: succeeded + failed }, (_, index) =>
      requestLog(`r-${requests++}`, { ...fields, statusCode: index < succeeded ? 200 : 500 }),
    );
    return graphql.data(REQUESTS, { input }, project);
  };
  const verdict = async () => (await ask('{ health { status reasons } }')).health;

  it('lists each service and environment with its newest sample and its requests', async () => {
    const newest = {
      cpuUsage: 12.5,
      memoryUsage: 40,
      diskUsage: 60,
      apiLatencyMs: 8,
      websocketConnections: 3,
    };
    await sample(
      { service: 'api', environment: 'production', timestamp: at(60), cpuUsage: 99 },
      { service: 'api', environment: 'production', timestamp: at(30), errorCount: 2, ...newest },
      { service: 'api', timestamp: at(20) },
      { timestamp: at(10) },
    );
    await record('worker', 3, 1);
    const { health } = await ask(`{ health { services { ${SERVICE} } } }`);
    const unknown = Object.fromEntries(
      [...Object.keys(newest), 'errorCount', 'errorRate', 'environment', 'sampledAt'].map((name) => [
        name,
        null,
      ]),
    );
    expect(health.services).toEqual([
      {
        service: 'api',
        environment: 'production',
        status: 'HEALTHY',
        reasons: ['The newest sample of api (production) shows nothing wrong.'],
        sampledAt: at(30),
        stale: false,
        ...newest,
        errorCount: 2,
        requests: 0,
        errorRate: null,
      },
      expect.objectContaining({ service: 'api', environment: null, sampledAt: at(20), cpuUsage: null }),
      {
        ...unknown,
        service: 'worker',
        status: 'HEALTHY',
        reasons: ['There were too few requests of worker to assess: 4, and at least 20 are needed.'],
        stale: false,
        requests: 4,
        errorRate: 0.25,
      },
      expect.objectContaining({ service: null, environment: null, sampledAt: at(10), errorCount: 0 }),
    ]);
  });

  it('reports the worst verdict, with every reason', async () => {
    await sample(
      {
        service: 'api',
        environment: 'production',
        timestamp: at(30),
        overallStatus: 'DEGRADED',
        cpuUsage: 96,
      },
      { service: 'db', timestamp: at(30), memoryUsage: 88, diskUsage: 95.5 },
      { service: 'fine', timestamp: at(30), cpuUsage: 84.9, memoryUsage: 84.9, diskUsage: 84.9 },
    );
    await record('api', 100, 0);
    await record('web', 18, 2);
    expect(await verdict()).toEqual({
      status: 'UNHEALTHY',
      reasons: [
        'Processor use of api (production) is 96 %: 95 % or more is unhealthy.',
        'Disk use of db is 95.5 %: 95 % or more is unhealthy.',
        'api (production) reports itself as degraded.',
        'Memory use of db is 88 %: 85 % or more is degraded.',
        '2 of 20 requests of web failed (10 %): 5 % or more is degraded.',
      ],
    });
  });

  it('gives a reason only once if the total and the only service with requests share it', async () => {
    await record('api', 18, 2);
    expect((await verdict()).reasons).toEqual(['2 of 20 requests failed (10 %): 5 % or more is degraded.']);
    const { health } = await ask('{ health { services { service status } } }');
    expect(health.services).toEqual([{ service: 'api', status: 'DEGRADED' }]);
  });

  it('does not count a service that went silent, and lists it as stale', async () => {
    await sample({ service: 'gone', timestamp: at(299), overallStatus: 'UNHEALTHY' });
    expect((await verdict()).status).toBe('UNHEALTHY');
    graphql.clock.advance(2_000);
    expect(await verdict()).toEqual({ status: 'HEALTHY', reasons: ['There were no requests.'] });
    const { health } = await ask('{ health { services { service status stale } } }');
    expect(health.services).toEqual([{ service: 'gone', status: 'DEGRADED', stale: true }]);
  });

  it("uses the newest sample by the server's rule, even if a clock is ahead", async () => {
    await sample({ service: 'api', timestamp: at(-7200) });
    graphql.clock.advance(1_000);
    await sample({ service: 'api', timestamp: at(0), overallStatus: 'UNHEALTHY' });
    expect((await verdict()).status).toBe('UNHEALTHY');
    graphql.clock.advance(1_000);
    await sample({ service: 'api', timestamp: at(-7200) }, { service: 'api', timestamp: at(30) });
    expect((await verdict()).status).toBe('HEALTHY');
  });

  it('uses the samples of a service whose clock is behind, but no old ones that are sent late', async () => {
    const stale = async () => {
      const { health } = await ask('{ health { status services { stale } } }');
      return [health.status, health.services[0].stale];
    };
    await sample({ service: 'api', timestamp: at(7200) });
    expect(await stale()).toEqual(['HEALTHY', true]);
    graphql.clock.advance(15_000);
    await sample({ service: 'api', timestamp: at(7200), overallStatus: 'UNHEALTHY' });
    expect(await stale()).toEqual(['UNHEALTHY', false]);
    graphql.clock.advance(15_000);
    await sample({ service: 'api', timestamp: at(86_400) });
    expect(await stale()).toEqual(['UNHEALTHY', false]);
    graphql.clock.advance(300_000);
    expect(await stale()).toEqual(['HEALTHY', true]);
  });

  it('stays within the project', async () => {
    await graphql.data(SAMPLES, { input: [healthSample({ cpuUsage: 99 })] }, 'another-project');
    const { health } = await ask('{ health { status services { service } } }');
    expect(health).toEqual({ status: 'HEALTHY', services: [] });
  });

  it('takes its thresholds from the configuration', async () => {
    await using strict = await startGraphQL(database, {
      environment: {
        HEALTH_DEGRADED_CPU_PERCENT: '10',
        HEALTH_UNHEALTHY_CPU_PERCENT: '20.5',
        HEALTH_DEGRADED_MEMORY_PERCENT: '30',
        HEALTH_DEGRADED_DISK_PERCENT: '40',
        HEALTH_SAMPLE_MAX_AGE_SECONDS: '5',
      },
    });
    const input = [
      { service: 'api', timestamp: at(4), cpuUsage: 21, memoryUsage: 31, diskUsage: 41 },
      { service: 'old', timestamp: at(6), cpuUsage: 21 },
    ].map((fields) => healthSample(fields));
    await strict.data(SAMPLES, { input });
    expect((await strict.data('{ health { status reasons } }')).health).toEqual({
      status: 'UNHEALTHY',
      reasons: [
        'Processor use of api is 21 %: 20.5 % or more is unhealthy.',
        'Memory use of api is 31 %: 30 % or more is degraded.',
        'Disk use of api is 41 %: 40 % or more is degraded.',
      ],
    });
  });

  it('gets worse when the event loop of the server is delayed, unless the server has only just started', async () => {
    let load = { eventLoopDelayMs: 120.5, memoryBytes: 2e8, uptimeSeconds: 60 };
    const processLoad = { read: () => load, stop: () => undefined };
    await using busy = await startGraphQL(database, { replace: () => ({ processLoad }) });
    const resources = 'resources { eventLoopDelayMs memoryBytes uptimeSeconds ingestQueueUse }';
    expect((await busy.data(`{ health { status reasons ${resources} } }`)).health).toEqual({
      status: 'DEGRADED',
      reasons: ["The delay of the server's event loop (p99) is 120 ms: 100 ms or more is degraded."],
      resources: { ...load, ingestQueueUse: 0 },
    });
    load = { ...load, uptimeSeconds: 59 };
    expect((await busy.data('{ health { status } }')).health).toEqual({ status: 'HEALTHY' });
  });

  it.each([
    ['resources { eventLoopDelayMs } checkedAt window { from }', 0],
    // One statement for the totals, and one to check whether retention has removed anything
    // meanwhile.
    ['requests errorRate errorCount', 2],
    // The same for requests by service, then the keys of the newest samples, and the samples.
    ['services { service }', 4],
    ['status', 6],
  ])('reads only what is selected: %s', async (fields, statements) => {
    await sample({ service: 'api' });
    // The horizons of retention are cached after the first query.
    await ask('{ health { status } }');
    expect(await graphql.countStatements(() => ask(`{ health { ${fields} } }`))).toBe(statements);
  });

  it('can be watched: a new sample changes it, and so does silence', async () => {
    const stream = await graphql.subscribe('subscription { healthChanged { status reasons } }', {}, project);
    const next = async () => ((await stream.next()).value as Answer).data.healthChanged;
    expect((await next()).status).toBe('HEALTHY');
    // Otherwise the regular poll would also find the sample, but later.
    const { live } = graphql.services;
    await expect.poll(() => live.hasSubscribers('healthSamples.recorded')).toBe(true);
    await sample({ service: 'api', cpuUsage: 96 });
    expect(await next()).toEqual({
      status: 'UNHEALTHY',
      reasons: ['Processor use of api is 96 %: 95 % or more is unhealthy.'],
    });
    graphql.clock.advance(301_000);
    expect((await next()).status).toBe('HEALTHY');
    await stream.return?.();
  });
});

import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs no variable', () => {
    expect(loadConfig({})).toEqual({
      ...{ host: '127.0.0.1', port: 4000, otlpPort: null, metricsPort: null, telemetry: null },
      ...{ agentOfflineMs: 300_000, authDisabled: false, maxProjects: 1_000, maxKeysPerProject: 100 },
      databaseUrl: 'file:./data/telltale.db',
      directUrl: 'file:./data/telltale.db',
      replica: null,
      sqliteReaders: 2,
      columns: { fromEvents: 50_000, file: null, memoryBytes: 536_870_912, threads: expect.any(Number) },
      backups: {
        ...{ folder: null, fallbackFolder: join(homedir(), '.telltale', 'backups'), schedule: null },
        ...{ keep: 7, keepMs: 30 * 86_400_000, beforeMigration: 'wanted', pgDump: null },
      },
      ingestQueue: { events: 100_000, bytes: 67_108_864 },
      subscriptionQueueEvents: 1000,
      pricesFile: null,
      selfMonitoring: { projectId: 'default', instance: hostname() },
      retentionDays: null,
      archiveFolder: null,
      coordinationFolder: null,
      coordinationProject: 'default',
      health: {
        errorRate: { degraded: 0.05, unhealthy: 0.2 },
        windowMs: 300_000,
        minimumRequests: 20,
        cpuUsage: { degraded: 85, unhealthy: 95 },
        memoryUsage: { degraded: 85, unhealthy: 95 },
        diskUsage: { degraded: 85, unhealthy: 95 },
        eventLoopDelayMs: { degraded: 100, unhealthy: 1000 },
        sampleMaxAgeMs: 300_000,
        recoveryMs: 60_000,
      },
      webhookAllowedAddresses: [],
      mail: null,
      limits: {
        bodyBytes: 10_485_760,
        ingestBodyBytes: 33_554_432,
        requestBudgetBytes: 100_663_296,
        socketsPerAddress: 1000,
        subscriptions: 10_000,
        queryDepth: 15,
        queryTokens: 5000,
        aliases: 50,
        queryCost: 200_000,
        runningCost: 100_000,
        deadlineMs: 30_000,
        readRows: 300_000,
        readBytes: 100_663_296,
        runningBytes: 100_663_296,
        answerBytes: 33_554_432,
        readCells: 250_000,
        exports: 4,
        exportDeadlineMs: 600_000,
      },
      quotas: {
        key: { eventsPerMinute: null, eventsPerDay: null, queryCostPerMinute: null },
        address: { eventsPerMinute: null, eventsPerDay: null, queryCostPerMinute: null },
      },
      trustedProxies: [],
      trustedDocuments: { file: null, only: false },
      corsOrigins: [],
      dashboard: true,
      graphiql: true,
      log: { level: 'info', format: 'json' },
      shutdownGraceMs: 10_000,
    });
  });

  it.each([
    [
      'smtps://telltale:correct%20horse%40@smtp.acme.example',
      {
        host: 'smtp.acme.example',
        port: 465,
        secure: true,
        login: { user: 'telltale', password: 'correct horse@' },
      },
    ],
    ['smtp://127.0.0.1:2525/', { host: '127.0.0.1', port: 2525, secure: false, login: null }],
    ['smtp://[::1]', { host: '::1', port: 587, secure: false, login: null }],
  ])('reads the mail server of %s', (url, server) => {
    const from = { name: 'Telltale', address: 'alerts@acme.example' };
    expect(loadConfig({ SMTP_URL: url, SMTP_FROM: 'Telltale <alerts@acme.example>' }).mail).toEqual({
      server,
      from,
    });
    expect(loadConfig({ SMTP_URL: url, SMTP_FROM: 'alerts@acme.example' }).mail?.from).toEqual({
      ...from,
      name: '',
    });
  });

  it('treats an empty variable as absent', () => {
    expect(loadConfig({ PORT: '', GRAPHIQL: '' })).toEqual(loadConfig({}));
  });

  it('reads each variable into its unit', () => {
    const config = loadConfig({
      PORT: '0',
      HEALTH_WINDOW_SECONDS: '60',
      HEALTH_DEGRADED_ERROR_RATE: '0.1',
      HEALTH_DEGRADED_CPU_PERCENT: '12.5',
      HEALTH_UNHEALTHY_DISK_PERCENT: '99',
      HEALTH_DEGRADED_EVENT_LOOP_MS: '50',
      HEALTH_SAMPLE_MAX_AGE_SECONDS: '90',
      DATABASE_URL: 'postgresql://u:p@localhost/telltale',
      PRICES_FILE: 'prices.json',
      RETENTION_DAYS: '30',
      COORDINATION_DIR: '../coordination',
      WEBHOOK_ALLOWED_ADDRESSES: '10.0.0.5, fd00::/8',
      LOG_FORMAT: 'pretty',
      INGEST_QUEUE_BYTES: '2000000',
      MAX_BODY_BYTES: '50000',
      MAX_INGEST_BODY_BYTES: '40000',
      CORS_ORIGINS: 'https://app.acme.example, http://localhost:3000',
      KEY_EVENTS_PER_MINUTE: '1000',
      KEY_QUERY_COST_PER_MINUTE: '2000',
      ADDRESS_EVENTS_PER_DAY: '3000',
      TRUSTED_PROXIES: '10.0.0.5',
      TRUSTED_DOCUMENTS: 'documents.json',
      TRUSTED_DOCUMENTS_ONLY: 'true',
    });
    expect(config).toMatchObject({
      port: 0,
      health: {
        windowMs: 60_000,
        errorRate: { degraded: 0.1 },
        cpuUsage: { degraded: 12.5 },
        diskUsage: { unhealthy: 99 },
        eventLoopDelayMs: { degraded: 50 },
        sampleMaxAgeMs: 90_000,
      },
      databaseUrl: 'postgresql://u:p@localhost/telltale',
      pricesFile: 'prices.json',
      retentionDays: 30,
      coordinationFolder: '../coordination',
      webhookAllowedAddresses: [
        { address: '10.0.0.5', prefix: 32, family: 'ipv4' },
        { address: 'fd00::', prefix: 8, family: 'ipv6' },
      ],
      log: { format: 'pretty' },
      ingestQueue: { bytes: 2_000_000 },
      // The limit for ingest may never be below the limit for other requests.
      limits: { bodyBytes: 50_000, ingestBodyBytes: 50_000 },
      corsOrigins: ['https://app.acme.example', 'http://localhost:3000'],
      quotas: {
        key: { eventsPerMinute: 1000, eventsPerDay: null, queryCostPerMinute: 2000 },
        address: { eventsPerMinute: null, eventsPerDay: 3000, queryCostPerMinute: null },
      },
      trustedProxies: [{ address: '10.0.0.5', prefix: 32, family: 'ipv4' }],
      trustedDocuments: { file: 'documents.json', only: true },
    });
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', GRAPHIQL: 'true' }, true],
    [{ GRAPHIQL: 'false' }, false],
  ])('decides on GraphiQL: %j', (environment, expected) => {
    expect(loadConfig(environment).graphiql).toBe(expected);
  });

  it('logs for people only on a terminal', () => {
    expect(loadConfig({}, { isTerminal: true }).log.format).toBe('pretty');
    expect(loadConfig({ LOG_FORMAT: 'json' }, { isTerminal: true }).log.format).toBe('json');
  });

  it.each([
    [{ PORT: 'http' }, 'PORT=http: must be a whole number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT=65536: must be a whole number from 0 to 65535.'],
    [{ PORT: '1e3' }, 'PORT=1e3: must be a whole number from 0 to 65535.'],
    [
      { HEALTH_UNHEALTHY_ERROR_RATE: '20%' },
      'HEALTH_UNHEALTHY_ERROR_RATE=20%: must be a number from 0 to 1.',
    ],
    [
      { LOG_LEVEL: 'verbose' },
      'LOG_LEVEL=verbose: must be one of fatal, error, warn, info, debug, trace, silent.',
    ],
    ...['daily', '2026-11-22T12:00:00', '61 3 * * *'].map((pattern): [Record<string, string>, string] => [
      { BACKUP_SCHEDULE: pattern },
      `BACKUP_SCHEDULE=${pattern}: must be a cron pattern such as 30 3 * * * (minute, hour, day, month, weekday), in UTC.`,
    ]),
    [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS=0: must be a whole number from 1 to 36500.'],
    [
      { WEBHOOK_ALLOWED_ADDRESSES: '10.0.0.0/8,10.0.0.0/33' },
      'WEBHOOK_ALLOWED_ADDRESSES=10.0.0.0/8,10.0.0.0/33: must be a comma-separated list of IP addresses and networks, such as 10.0.0.5,192.168.0.0/16,fd00::/8.',
    ],
    ...[
      'smtp.acme.example:587',
      'smtps://ana:s3cret@smtp.acme.example/inbox',
      'smtps://ana:s3cret@smtp.acme.example?secure=false',
      'smtps://ana:s3cr@et:more@smtp.acme.example:none',
      'smtps://ana@smtp.acme.example',
      'smtps://ana:s3%cret@smtp.acme.example',
      'http://smtp.acme.example',
    ].map((url): [Record<string, string>, string] => [
      { SMTP_URL: url, SMTP_FROM: 'alerts@acme.example' },
      'SMTP_URL=***: must be smtps://user:password@host:port or smtp://host:port, with special ' +
        'characters of user and password percent-encoded.',
    ]),
    ...['alerts', 'Eve\r\nBcc: <eve@evil.example>', 'a@acme.example, b@acme.example'].map(
      (from): [Record<string, string>, string] => [
        { SMTP_URL: 'smtp://127.0.0.1', SMTP_FROM: from },
        `SMTP_FROM=${from}: must be an address such as alerts@acme.example or Telltale <alerts@acme.example>.`,
      ],
    ),
    [
      { SMTP_URL: 'smtp://127.0.0.1' },
      'SMTP_FROM: must be set together with SMTP_URL, as the sender of the e-mails.',
    ],
    [
      { SMTP_FROM: 'alerts@acme.example' },
      'SMTP_URL: must be set together with SMTP_FROM, as the server that sends the e-mails.',
    ],
    ...['http://localhost:99999', 'http://[collector', 'collector:4318', 'http://collector?team=search'].map(
      (url): [Record<string, string>, string] => [
        { OTEL_EXPORTER_OTLP_ENDPOINT: url },
        `OTEL_EXPORTER_OTLP_ENDPOINT=${url}: must be an http: or https: URL without /v1/traces, user and password.`,
      ],
    ),
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://ana:s3cret@collector' },
      'OTEL_EXPORTER_OTLP_ENDPOINT=http://ana:***@collector: must be an http: or https: URL without ' +
        '/v1/traces, user and password.',
    ],
    ...['authorization=Bearer%20s3cret%0A', 'x-team=%E2%82%AC', 'x-team=%zz', 'team'].map(
      (headers): [Record<string, string>, string] => [
        { OTEL_EXPORTER_OTLP_HEADERS: headers },
        'OTEL_EXPORTER_OTLP_HEADERS=***: must be headers such as authorization=Bearer%20abc,x-team=search.',
      ],
    ),
    ...['https://app.acme.example/', 'app.acme.example', 'https://App.acme.example', '*'].map(
      (origin): [Record<string, string>, string] => [
        { CORS_ORIGINS: `http://localhost:3000,${origin}` },
        `CORS_ORIGINS=http://localhost:3000,${origin}: must be a comma-separated list of origins in lower ` +
          'case without a path, such as https://app.acme.example,http://localhost:3000.',
      ],
    ),
    [
      { REQUEST_BUDGET_BYTES: '50000000' },
      'REQUEST_BUDGET_BYTES=50000000: must be at least 2.5 times the largest body, which is 33554432 ' +
        '(MAX_BODY_BYTES, MAX_INGEST_BODY_BYTES).',
    ],
    [
      { TRUSTED_DOCUMENTS_ONLY: 'true' },
      'TRUSTED_DOCUMENTS: must be set if TRUSTED_DOCUMENTS_ONLY=true: otherwise, the server would ' +
        'accept no query.',
    ],
    [{ GRAPHIQL: 'yes' }, 'GRAPHIQL=yes: must be one of true, false.'],
    [{ AUTH: 'off' }, 'AUTH=off: must be one of disabled.'],
    [
      { DATABASE_URL: 'mysql://root:secret@host/db' },
      'DATABASE_URL=mysql://root:***@host/db: must be file:<path> or postgresql://….',
    ],
    [
      { HEALTH_DEGRADED_ERROR_RATE: '0.5' },
      'HEALTH_DEGRADED_ERROR_RATE=0.5: must be at most HEALTH_UNHEALTHY_ERROR_RATE, which is 0.2.',
    ],
    [
      { HEALTH_UNHEALTHY_MEMORY_PERCENT: '50' },
      'HEALTH_DEGRADED_MEMORY_PERCENT=85: must be at most HEALTH_UNHEALTHY_MEMORY_PERCENT, which is 50.',
    ],
    [
      { HEALTH_DEGRADED_EVENT_LOOP_MS: '1001' },
      'HEALTH_DEGRADED_EVENT_LOOP_MS=1001: must be at most HEALTH_UNHEALTHY_EVENT_LOOP_MS, which is 1000.',
    ],
    [
      { HEALTH_DEGRADED_CPU_PERCENT: '101' },
      'HEALTH_DEGRADED_CPU_PERCENT=101: must be a number from 0 to 100.',
    ],
  ])('says what is wrong with %j', (environment, problem) => {
    expect(problemsOf(environment as Record<string, string>)).toEqual([problem]);
  });

  it('names every problem at once', () => {
    expect(problemsOf({ PORT: 'x', SQLITE_READERS: '0' })).toHaveLength(2);
  });
});

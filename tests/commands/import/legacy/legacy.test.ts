import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../../src/commands/exit-codes.ts';
import { Sqlite } from '../../../../src/storage/dialect/sqlite/driver.ts';
import { describeEachDatabase } from '../../../support/databases.ts';
import { runCommand } from '../../../support/run-command.ts';
import { startApp, type TestApp } from '../../../support/start-app.ts';
import {
  AGENT_DASHBOARD,
  DIAGRAM_GENERATIONS,
  LLM_MONITORING,
  LLM_PROXY,
  METRIC_CATALOG,
  type Outcome,
  writeFile,
} from './support/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'legacy-'));
afterAll(() => rmSync(folder, { recursive: true }));

describeEachDatabase('telltale import legacy', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const run = (...args: string[]) => runCommand(['import', 'legacy', ...args, '--url', running.url]);

  /** Imports a file twice: the second time, nothing is new. */
  async function importTwice(name: string, sql: string, ...flags: string[]) {
    const file = writeFile(join(folder, `${database.dialect}-${name}.db`), sql);
    const bytes = readFileSync(file);
    const first = await run(file, ...flags, '--json');
    expect(first.stderr).toMatch(/^Importing .* into http/);
    const report = JSON.parse(first.stdout);
    const again = JSON.parse((await run(file, ...flags, '--json')).stdout);
    for (const [table, { accepted, duplicates, rejected }] of Object.entries<Outcome>(report.tables)) {
      expect({ table, ...again.tables[table] }).toMatchObject({
        ...{ table, accepted: 0, duplicates: accepted + duplicates, rejected },
      });
    }
    expect(readFileSync(file).equals(bytes)).toBe(true);
    return { code: first.code, file, ...report };
  }

  it('imports a monitor of an API, whose calls have the time and the latency of their requests', async () => {
    const report = await importTwice('monitoring', LLM_MONITORING);
    expect(report).toMatchObject({
      code: EXIT_CODES.problems,
      source: 'LLM API monitoring (chimera_logs.db)',
      tables: {
        request_logs: { into: 'requestLogs', read: 2, accepted: 2, rejected: 0 },
        llm_usage: { accepted: 1 },
        technique_usage: {
          ...{ accepted: 1, rejected: 1 },
          firstRejected: [{ row: 'id 2', reason: expect.stringContaining('from 1 to 10, not') }],
        },
        error_logs: { accepted: 1 },
      },
      leftOut: {},
    });
    const stored = await running.query(`{
      requestLogs(filter: { requestId: { eq: "r-1" } }) { nodes { timestamp endpoint method statusCode latencyMs } }
      llmCalls(filter: { requestId: { eq: "r-1" } }) {
        nodes { timestamp provider model totalTokens cost cached latencyMs attributes }
      }
      errorLogs(filter: { requestId: { eq: "r-2" } }) { nodes { timestamp errorType errorMessage stackTrace } }
    }`);
    const timestamp = '2026-05-04T10:00:00.250Z';
    expect(stored).toEqual({
      requestLogs: {
        nodes: [{ timestamp, endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 812.5 }],
      },
      llmCalls: {
        nodes: [
          {
            ...{
              timestamp,
              provider: 'openai',
              model: 'gpt-4',
              totalTokens: 1200,
              cost: 0.04,
              cached: false,
            },
            ...{ latencyMs: 812.5, attributes: null },
          },
        ],
      },
      errorLogs: {
        nodes: [
          {
            ...{ timestamp: '2026-05-04T10:01:00.000Z', errorType: 'Timeout', errorMessage: '' },
            stackTrace: 'at main',
          },
        ],
      },
    });
  });

  it('imports diagrams and their specifications in the binary JSON of SQLite, in a time zone', async () => {
    const report = await importTwice('diagrams', DIAGRAM_GENERATIONS, '--time-zone=Europe/Berlin');
    expect(report).toMatchObject({
      code: EXIT_CODES.done,
      tables: { events: { accepted: 2, rejected: 0 }, architectures: { accepted: 1, rejected: 0 } },
      leftOut: { schema_version: { rows: 1, canBeBrought: false } },
    });
    const stored = await running.query(`{
      generations(orderBy: { field: TIMESTAMP, direction: ASC }) {
        nodes { generationId timestamp kind success durationMs errorMessage attributes architecture { name spec createdAt } }
      }
    }`);
    expect(stored).toMatchObject({
      generations: {
        nodes: [
          {
            ...{ generationId: 'g-1', timestamp: '2026-05-04T08:00:00.000Z', kind: 'c4', durationMs: 4200 },
            attributes: { date: '2026-05-04' },
            architecture: { name: 'Shop', spec: { nodes: ['queue'] }, createdAt: '2026-05-04T08:00:04.000Z' },
          },
          { generationId: 'g-2', success: false, errorMessage: 'no diagram', architecture: null },
        ],
      },
    });
  });

  it('imports a catalog with tests and their last results, and says why it does not import the history', async () => {
    const report = await importTwice('catalog', METRIC_CATALOG);
    expect(report).toMatchObject({
      code: EXIT_CODES.problems,
      tables: {
        metrics: {
          ...{ into: 'metrics', accepted: 1, rejected: 1 },
          firstRejected: [{ row: 'id Revenue Net', reason: expect.stringContaining('slug') }],
        },
        validation_tests: {
          ...{ accepted: 1, rejected: 1 },
          firstRejected: [{ row: 'id 2', reason: expect.stringContaining('unknown_metric') }],
        },
        metric_usage: { accepted: 1, rejected: 0 },
      },
      leftOut: { metric_history: { rows: 1, canBeBrought: false } },
    });
    const stored = await running.query(`{
      metric(metricId: "revenue_total") { name owner tags dependencies trustScore createdAt testCount version }
      validationTests { nodes { name testType expectedResult status message } }
      metricUsages { nodes { usedBy timestamp } }
    }`);
    expect(stored).toEqual({
      metric: {
        ...{ name: 'Total Revenue', owner: '@revenue-team', tags: ['revenue', 'financial'], trustScore: 75 },
        dependencies: ['transactions.amount'],
        ...{ createdAt: '2026-01-03T12:00:00.000Z', testCount: 1, version: 1 },
      },
      validationTests: {
        nodes: [
          {
            ...{ name: 'range_check', testType: 'SCRIPT', expectedResult: 'positive', status: 'PASSED' },
            message: 'Imported. The test was run at 2026-01-04T08:00:00.000Z.',
          },
        ],
      },
      metricUsages: { nodes: [{ usedBy: 'unknown', timestamp: '2026-01-05T09:30:00.000Z' }] },
    });
  });

  it('imports the calls of a proxy with the given provider, and only the new rows of a file that has grown', async () => {
    const flags = ['--set=provider=openai'];
    const report = await importTwice('proxy', LLM_PROXY, ...flags);
    const { completion_requests: outcome } = report.tables as Record<string, Outcome>;
    expect(outcome).toMatchObject({ accepted: 2, rejected: 2 });
    expect(outcome?.firstRejected.toSorted((one, other) => one.row.localeCompare(other.row))).toEqual([
      { row: 'id 3', reason: expect.stringContaining('success must be false') },
      { row: 'id 4', reason: expect.stringContaining('timestamp: "yesterday" is not a time') },
    ]);
    const grown = new Sqlite(report.file);
    grown.exec(
      `INSERT INTO completion_requests (timestamp, success, status_code, response_time_ms, is_streaming)
       VALUES ('2026-05-04T10:00:04', 1, 200, 640, 0)`,
    );
    grown.close();
    const again = JSON.parse((await run(report.file, ...flags, '--json')).stdout);
    expect(again.tables.completion_requests).toMatchObject({ accepted: 1, duplicates: 2, rejected: 2 });
    const { llmCalls } = await running.query<{ llmCalls: { nodes: unknown[] } }>(
      `{ llmCalls(filter: { origin: { eq: "chat-ui" } }, orderBy: { field: TIMESTAMP, direction: ASC }) {
        nodes { timestamp provider model streaming latencyMs temperature totalTokens finishReason success errorType } } }`,
    );
    expect(llmCalls.nodes).toMatchObject([
      {
        ...{
          timestamp: '2026-05-04T10:00:00.123Z',
          provider: 'openai',
          model: 'gpt-4o-mini',
          streaming: true,
        },
        ...{ latencyMs: 640, temperature: 0.7, totalTokens: 1200, finishReason: 'stop', success: true },
      },
      { model: 'unknown', success: false, errorType: 'overloaded', totalTokens: 0 },
    ]);
  });

  it('imports a dashboard of agents with its alerts in their last state, and calls no webhook', async () => {
    const flags = ['--set=repository=acme/shop'];
    const webhook = await running.query(`mutation { createWebhook(input: {
      webhookId: "on-call", url: "https://example.com/hook" }) { webhook { enabled } } }`);
    expect(webhook).toEqual({ createWebhook: { webhook: { enabled: true } } });
    const early = writeFile(join(folder, `${database.dialect}-early.db`), AGENT_DASHBOARD);
    const held = JSON.parse((await run(early, ...flags, '--json')).stdout);
    expect(held.leftOut.alerts).toMatchObject({ rows: 2, canBeBrought: true });
    await running.query(
      'mutation { deleteWebhook(input: { webhookId: "on-call" }) { webhook { enabled } } }',
    );

    const report = await importTwice('dashboard', AGENT_DASHBOARD, ...flags);
    expect(report).toMatchObject({
      code: EXIT_CODES.problems,
      tables: {
        agent_metrics: { duplicates: 1, rejected: 1, firstRejected: [{ row: 'id 2' }] },
        task_events: { duplicates: 2 },
        alerts: { accepted: 1, rejected: 1, firstRejected: [{ row: 'id 2', reason: expect.any(String) }] },
      },
      leftOut: { schema_version: { rows: 1 } },
    });
    const stored = await running.query(`{
      agentMetrics { nodes { agentId status cpuUsage memoryUsage attributes } }
      taskEvents(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { eventType newStatus details } }
      gitCommits { nodes { repository agentId message linesAdded timestamp } }
      healthSamples { nodes { overallStatus apiLatencyMs cpuUsage memoryUsage attributes } }
      ragMetrics { nodes { totalQueries averageResponseTimeMs topPatterns } }
      alert(alertId: "a-1") { type severity status raisedAt acknowledgedBy metadata }
    }`);
    expect(stored).toMatchObject({
      agentMetrics: {
        nodes: [
          { agentId: 'builder', status: 'ACTIVE', cpuUsage: 12.5, memoryUsage: 104857600, attributes: null },
        ],
      },
      taskEvents: {
        nodes: [
          { eventType: 'CREATED', newStatus: 'todo', details: { points: 3 } },
          { eventType: 'COMPLETED', newStatus: 'done' },
        ],
      },
      gitCommits: {
        nodes: [
          {
            ...{ repository: 'acme/shop', agentId: 'builder', message: 'Add a queue', linesAdded: 12 },
            timestamp: '2026-05-04T11:00:00.000Z',
          },
        ],
      },
      healthSamples: {
        nodes: [
          {
            ...{ overallStatus: 'HEALTHY', apiLatencyMs: 12.5, cpuUsage: 40, memoryUsage: null },
            attributes: { memory_usage: 2147483648 },
          },
        ],
      },
      ragMetrics: { nodes: [{ totalQueries: 17, averageResponseTimeMs: 3.5, topPatterns: ['queue'] }] },
      alert: {
        ...{ type: 'AGENT', severity: 'CRITICAL', status: 'RESOLVED', raisedAt: '2026-05-04T10:04:00.000Z' },
        acknowledgedBy: 'mei',
        metadata: {
          legacy: { acknowledgedAt: '2026-05-04T10:05:00.000Z', resolvedAt: '2026-05-04T10:09:00.000Z' },
        },
      },
    });
  });

  it('says what is wrong before it stores any row', async () => {
    const text = join(folder, 'text.db');
    writeFileSync(text, 'not a database, '.repeat(100));
    const other = writeFile(join(folder, `${database.dialect}-other.db`), 'CREATE TABLE songs (title TEXT)');
    const proxy = writeFile(join(folder, `${database.dialect}-lacking.db`), LLM_PROXY);
    const refused: [string[], RegExp][] = [
      [[join(folder, 'no.db')], /no\.db cannot be opened\. Check its path/],
      [[text], /is not an SQLite database/],
      [[other], /not written by a known program\. Its tables: songs\..*completion_requests/s],
      [[proxy], /completion_requests lacks provider, for llmCalls\n.*--set=provider=…/],
      [[proxy, '--set=provider=openai,colour=red'], /--set: no table of this file has a column colour/],
      [[proxy, '--set=provider=openai', '--time-zone=Mars'], /--time-zone: Mars is neither/],
    ];
    for (const [args, message] of refused) {
      const { code, stderr } = await run(...args);
      expect({ args, code, stderr }).toEqual({
        ...{ args, code: EXIT_CODES.usage, stderr: expect.stringMatching(message) },
      });
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../../src/schema.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import {
  agentMetric,
  errorLog,
  generation,
  gitCommit,
  llmCall,
  metricUsage,
  requestLog,
  taskEvent,
  techniqueUsage,
} from '../../support/events.ts';
import { ago, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Fields that have a range but do not read the archive, with the reason. */
const OF_KEPT_ROWS: Readonly<Record<string, string>> = {
  'Query.agentMetricsHistory': 'a list of rows',
  'Query.endpointCosts': 'joins the rows of two datasets',
  'Query.ragOverview': 'the newest rows',
  'Query.sessions': 'a list of states',
  'Query.taskStatusTimes': 'reads the history of tasks from before the range',
  'Query.previewAlertRule': 'what the rule would have found: rules read what is kept',
  'Query.errorGroups.firstSeen': 'narrows `range`',
};

/** Questions about the days until today, which have no range. */
const BY_DAYS = ['Query.metricUsageStats', 'Query.monthForecast', 'Query.taskVelocity'];

describe('the argument `archive`', () => {
  it('exists where a question about events has a range, except where only kept rows can answer', () => {
    const types = Object.values(createSchema().getTypeMap()).filter(isObjectType);
    const fields = types
      .filter(({ name }) => name !== 'Mutation' && name !== 'Subscription')
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => ({ ...field, path: `${type.name}.${field.name}` })),
      );
    const ranged = fields.filter(({ args }) =>
      args.some(({ type }) => getNamedType(type).name === 'TimeRangeInput'),
    );
    expect(ranged.length).toBeGreaterThan(30);
    const without = [...ranged, ...fields.filter(({ path }) => BY_DAYS.includes(path))]
      .filter(({ args }) => !args.some(({ name }) => name === 'archive'))
      .map(({ path }) => path);
    expect(without.toSorted()).toEqual(
      Object.keys(OF_KEPT_ROWS)
        .filter((path) => path.split('.').length < 3)
        .toSorted(),
    );
  });
});

/** The time of an event: one every 89 minutes, from 99 days ago. */
const happened = (index: number) => 99 * DAY_MS - index * 89 * MINUTE_MS;
/**
 * If the range were rounded to cells, the events 9 and 62 would be added, because they are in the
 * same hours. Only rows show their exact times.
 */
const RANGE = `{ from: "${ago(happened(9) - 30_000)}", to: "${ago(happened(62) + 5_000)}" }`;
const ZONE = 'timeZone: "Asia/Kolkata"';
const COMMITS = 'commits filesChanged linesAdded';

/**
 * Each question needs expired rows, because of the ends of the range or of days in a zone that cut
 * hours.
 */
const QUESTIONS: Readonly<Record<string, (archive: string) => string>> = {
  providerStats: (archive) =>
    `providerStats(range: ${RANGE}${archive}) { provider calls tokens cost generations shareOfCost }`,
  modelStats: (archive) => `modelStats(range: ${RANGE}${archive}) { model calls averageLatencyMs cost }`,
  techniqueStats: (archive) =>
    `techniqueStats(range: ${RANGE}${archive}) { techniqueSuite uses successRate }`,
  summary: (archive) =>
    `summary(range: ${RANGE}${archive}) { requests errors llmCalls tokens totalCost cacheHitRate generations range { from to } }`,
  latencySeries: (archive) =>
    `latencySeries(range: ${RANGE}, grain: DAY${archive}) { start requests averageLatencyMs }`,
  errorGroups: (archive) =>
    `errorGroups(range: ${RANGE}, filter: { sessionId: { eq: "session-1" } }${archive}) { groupCount groups { fingerprint count } }`,
  metricsByPeriod: (archive) =>
    `metricsByPeriod(period: DAY, range: ${RANGE}, ${ZONE}${archive}) { start generations calls callCost }`,
  agentMetricsDaily: (archive) =>
    `agentMetricsDaily(range: ${RANGE}, ${ZONE}${archive}) { agentId start samples averageCpuUsage }`,
  commitActivity: (archive) =>
    `commitActivity(range: ${RANGE}, ${ZONE}${archive}) { ${COMMITS} byDay { start ${COMMITS} } byAgent { agentId commits } }`,
  agentCosts: (archive) => `agentCosts(range: ${RANGE}${archive}) { agentId llmCalls cost completedTasks }`,
};

/** Questions about the days until now, which need no range in the past. */
const OF_DAYS: Readonly<Record<string, (days: number, archive: string) => string>> = {
  metricUsageStats: (days, archive) =>
    `metricUsageStats(metricId: "revenue_total", days: ${days}, ${ZONE}${archive}) { total days { start uses } users { usedBy uses } }`,
  taskVelocity: (days, archive) => `taskVelocity(days: ${days}, ${ZONE}${archive}) { start completed }`,
};

const TYPES = {
  recordLlmCalls: 'LlmCallInput',
  recordRequestLogs: 'RequestLogInput',
  recordErrorLogs: 'ErrorLogInput',
  recordGenerations: 'GenerationInput',
  recordTechniqueUsages: 'TechniqueUsageInput',
  recordMetricUsages: 'MetricUsageInput',
  recordAgentMetrics: 'AgentMetricInput',
  recordGitCommits: 'GitCommitInput',
  recordTaskEvents: 'TaskEventInput',
};

/** Events of six days, some of which are beside each end of the range. */
const inputs = Array.from({ length: 96 }, (_, index) => {
  const at = { timestamp: ago(happened(index)) };
  const [odd, third] = [index % 2 === 1, index % 3];
  return {
    recordLlmCalls: llmCall({
      ...at,
      ...{ agentId: `agent-${third}`, provider: odd ? 'openai' : 'mistral', model: `model-${third}` },
      ...{ cost: index / 1_000, latencyMs: index, promptTokens: index, cached: odd },
    }),
    recordRequestLogs: requestLog(`request-${index}`, { ...at, latencyMs: index }),
    recordErrorLogs: errorLog({ ...at, errorType: `Error${third}`, sessionId: `session-${index % 2}` }),
    recordGenerations: generation(`generation-${index}`, { ...at, cost: 0.5 }),
    recordTechniqueUsages: techniqueUsage({ ...at, success: odd }),
    recordMetricUsages: metricUsage({ ...at, usedBy: `user-${third}` }),
    recordAgentMetrics: agentMetric(`agent-${third}`, { ...at, cpuUsage: index }),
    recordGitCommits: gitCommit(index, {
      ...at,
      agentId: `agent-${third}`,
      filesChanged: index,
      linesAdded: 1,
    }),
    recordTaskEvents: taskEvent(`task-${index}`, {
      ...at,
      ...{ eventType: 'COMPLETED', assignedTo: `agent-${third}` },
    }),
  };
});

describeEachDatabase('named questions about rows that have expired', (database) => {
  let graphql: TestGraphQL;
  let folder: string;
  let before: Record<string, unknown>;

  /** The answers; those by days omit the days on which nothing happened. */
  async function answersOf(days: number, archive: string): Promise<Record<string, unknown>> {
    const fields = [
      ...Object.values(QUESTIONS).map((question) => question(archive)),
      ...Object.values(OF_DAYS).map((question) => question(days, archive)),
    ];
    const answers = [];
    // One at a time, because they are expensive.
    for (const field of fields) answers.push(await graphql.data(`{ ${field} }`));
    const data = Object.assign({}, ...answers);
    const counted = (list: { uses?: number; completed?: number }[]) =>
      list.filter(({ uses, completed }) => (uses ?? completed) !== 0);
    return {
      ...data,
      metricUsageStats: { ...data.metricUsageStats, days: counted(data.metricUsageStats.days) },
      taskVelocity: counted(data.taskVelocity),
    };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-archive-'));
    graphql = await startGraphQL(database, { environment: { RETENTION_ARCHIVE_DIR: folder } });
    graphql.clock.set(Date.parse(ago(92 * DAY_MS)));
    const names = Object.entries(TYPES);
    await graphql.data(
      `mutation (${names.map(([name, type]) => `$${name}: [${type}!]!`).join(', ')}) { ${names
        .map(([name]) => `${name}(input: $${name}) { rejected { message } }`)
        .join(' ')} }`,
      Object.fromEntries(
        names.map(([name]) => [name, inputs.map((input) => input[name as keyof typeof TYPES])]),
      ),
    );
    const policy =
      'input: { dataset: "gitCommits", rowDays: 90, minuteDays: 90, hourDays: 90, dayDays: 400 }';
    await graphql.data(`mutation { setRetentionPolicy(${policy}) { retentionPolicy { __typename } } }`);
    before = await answersOf(8, '');
    graphql.clock.set(Date.parse(NOW));
    await graphql.services.retention.run();
  });
  afterAll(async () => {
    await graphql[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('have the same answers as before with `archive: true`', async () => {
    expect(await answersOf(100, ', archive: true')).toEqual(before);
  });

  it('give other answers without it, which shows that the archive was read', async () => {
    const without = await answersOf(100, '');
    // Tasks are kept forever.
    const { taskVelocity, ...others } = before;
    expect(without['taskVelocity']).toEqual(taskVelocity);
    for (const [name, answer] of Object.entries(others)) expect(without[name], name).not.toEqual(answer);
  });
});

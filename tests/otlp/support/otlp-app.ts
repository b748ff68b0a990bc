import { expect } from 'vitest';
import type { TestDatabase } from '../../support/databases.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import type { Payload } from './telemetry.ts';

/** A server that accepts OTLP with keys, with a project per sender. */
export interface OtlpApp extends AsyncDisposable {
  readonly running: TestApp;
  /** The endpoint for OTLP. */
  readonly base: string;
  /** The endpoint that accepts only OTLP. */
  readonly own: string;
  project(projectId: string): Promise<OtlpProject>;
}

export interface OtlpProject {
  readonly projectId: string;
  /** The header that contains its key. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Sends all of a payload as JSON; fails the test if it is not taken. @returns the answers by
   * signal
   */
  send(payload: Payload): Promise<Record<string, unknown>>;
  query<Data = Record<string, unknown[]>>(document: string): Promise<Data>;
}

export const SIGNALS = ['logs', 'traces', 'metrics'] as const;

export async function startOtlp(
  database: TestDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<OtlpApp> {
  const running = await startApp({ database, environment: { ...environment, OTLP_PORT: '0' } });
  const { services } = running.app;
  const base = running.url.replace('/graphql', '');
  return {
    running,
    base,
    own: running.otlpUrl,
    async project(projectId) {
      await services.projects.create({ projectId, name: projectId });
      const { text } = await services.keys.create({ projectId, scopes: ['READ', 'INGEST'] });
      const headers = { authorization: `Bearer ${text}` };
      return {
        projectId,
        headers,
        async send(payload) {
          const answers: Record<string, unknown> = {};
          for (const signal of SIGNALS) {
            if (payload[signal] === undefined) continue;
            const response = await postJson(`${base}/v1/${signal}`, payload[signal], headers);
            expect(response.status).toBe(200);
            answers[signal] = await response.json();
          }
          return answers;
        },
        async query(query) {
          const response = await postJson(running.url, { query }, headers);
          const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
          expect(errors).toBeUndefined();
          return data;
        },
      };
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

export const postJson = (url: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Rows without the columns that are null, by the datasets that have any. */
export const ROWS = `{
  llmCalls(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes {
    timestamp service environment requestId provider model operation origin endUser sessionId agentId taskId release
    tags success statusCode streaming finishReason errorType errorMessage promptTokens completionTokens
    cachedPromptTokens cacheWritePromptTokens reasoningTokens cost costSource latencyMs timeToFirstTokenMs
    maxTokens temperature
  } }
  toolCalls(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes {
    requestId agentId sessionId tool mcpServer success decision durationMs errorType
  } }
  agentUsage(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { agentId sessionId kind amount } }
  agentActivities(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { agentId sessionId activityType message taskId } }
  agentMetrics { nodes { agentId status currentTask branch } }
  taskEvents(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { taskId eventType newStatus assignedTo changedBy } }
  errorLogs(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { requestId sessionId errorType errorMessage } }
  requestLogs(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes {
    requestId endpoint method statusCode latencyMs ipAddress userAgent success service
  } }
}`;

/** The events and states of a project, without nulls and empty lists. */
export async function rowsOf(project: OtlpProject): Promise<Record<string, object[]>> {
  const data = await project.query<Record<string, { nodes: Record<string, unknown>[] }>>(ROWS);
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, { nodes }]) => nodes.length > 0)
      .map(([name, { nodes }]) => [name, nodes.map(withoutNulls)]),
  );
}

const withoutNulls = (row: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

export interface Status {
  readonly sender: string | null;
  readonly signal: string;
  readonly received: number;
  readonly became: readonly { readonly dataset: string; readonly events: number }[];
  readonly ignored: readonly { readonly reason: string; readonly items: number; readonly example: string }[];
  readonly rejected: number;
  readonly failedRequests: number;
  readonly lastError: string | null;
}

/** The answer of `otlpStatus` about a project. */
export async function statusOf(project: OtlpProject): Promise<readonly Status[]> {
  const document = `{ otlpStatus { sender signal received became { dataset events }
    ignored { reason items example } rejected failedRequests lastError } }`;
  return (await project.query<{ otlpStatus: Status[] }>(document)).otlpStatus;
}

/** Items that became nothing, by signal and reason. */
export const ignoredIn = (status: readonly Status[]) =>
  Object.fromEntries(
    status.map(({ signal, ignored }) => [
      signal,
      Object.fromEntries(ignored.map(({ reason, items }) => [reason, items])),
    ]),
  );

import { join } from 'node:path';
import { pino } from 'pino';
import { expect, inject } from 'vitest';
import { type App, type AppOverrides, createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { TypedDocumentString } from '../generated/graphql.ts';
import { TEST_SQLITE_READERS, type TestDatabase } from './databases.ts';
import { keptClients } from './kept-clients.ts';
import { keptThreads } from './kept-threads.ts';
import { unhurriedSchedule } from './unhurried-schedule.ts';

/** The whole server on its own database, listening on a free port. */
export interface TestApp extends AsyncDisposable {
  readonly app: App;
  /** GraphQL over HTTP. */
  readonly url: string;
  readonly webSocketUrl: string;
  /** The endpoint for OTLP: at `OTLP_PORT`, if it is set. */
  readonly otlpUrl: string;
  /** The endpoint for metrics: at `METRICS_PORT`, if it is set. */
  readonly metricsUrl: string;
  readonly databaseUrl: string;
  /** The log, as parsed JSON lines. */
  readonly log: Record<string, unknown>[];
  /** Runs an operation over HTTP; fails the test if the answer has errors. */
  query<Data = Record<string, unknown>>(document: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Runs a document typed by codegen over HTTP; fails the test if the answer has errors. */
  ask<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<Data>;
  /** Runs an operation over HTTP and returns the whole answer. */
  // biome-ignore lint/suspicious/noExplicitAny: matchers look into answers
  execute(document: string, variables?: Record<string, unknown>): Promise<{ data?: any; errors?: any[] }>;
  /** Resolves when that many subscriptions run. */
  waitForSubscriptions(count: number): Promise<void>;
  /** Resolves when a line with these fields has been logged. */
  waitForLog(fields: Record<string, unknown>): Promise<void>;
}

export interface TestAppOptions {
  readonly database: TestDatabase;
  /** An existing database, instead of a new one. */
  readonly databaseUrl?: string;
  /** Variables besides DATABASE_URL and PORT. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

export const NOTHING_OPEN = { connections: 0, webSockets: 0, subscriptions: 0 };

/**
 * Starts the app as `telltale serve` does. Disposing stops it and asserts that no connection,
 * subscription or live queue stays open; the clean-up of the database finds connections that do.
 */
export async function startApp({ database, environment, ...options }: TestAppOptions): Promise<TestApp> {
  const databaseUrl = options.databaseUrl ?? (await database.createMigratedUrl());
  const config = loadConfig({
    PORT: '0',
    SHUTDOWN_GRACE_MS: '5000',
    // Keeps backups of tests out of the user's home and the working directory.
    HOME: join(inject('databaseFolder'), 'home'),
    ...(database.dialect === 'postgresql' && { BACKUP_DIR: join(inject('databaseFolder'), 'backups') }),
    SQLITE_READERS: String(TEST_SQLITE_READERS),
    // A busy machine must not cause alerts in a test.
    HEALTH_DEGRADED_EVENT_LOOP_MS: '600000',
    HEALTH_UNHEALTHY_EVENT_LOOP_MS: '600000',
    SELF_MONITORING: 'off',
    ...environment,
    DATABASE_URL: databaseUrl,
  });
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: config.log.level }, { write: (line: string) => log.push(JSON.parse(line)) });
  const overrides: AppOverrides = {
    logger,
    clients: keptClients,
    threads: keptThreads,
    schedule: unhurriedSchedule,
    ...(options.clock && { clock: options.clock }),
  };
  const app = await createApp(config, overrides);
  const { graphql: url, webSocket: webSocketUrl, otlp: otlpUrl, metrics: metricsUrl } = await app.start();

  async function execute(query: string, variables?: Record<string, unknown>) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data?: unknown; errors?: unknown[] };
  }

  async function query<Data>(document: string, variables?: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await execute(document, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  return {
    app,
    url,
    webSocketUrl,
    otlpUrl,
    metricsUrl,
    databaseUrl,
    log,
    execute,
    query,
    ask: (document, ...[variables]) => query(document.toString(), variables as Record<string, unknown>),
    async waitForSubscriptions(count) {
      await expect.poll(() => app.open.subscriptions).toBe(count);
    },
    async waitForLog(fields) {
      const line = expect.objectContaining(fields);
      await expect.poll(() => log).toContainEqual(line);
    },
    async [Symbol.asyncDispose]() {
      await app.stop();
      expect(app.open).toEqual(NOTHING_OPEN);
      for (const { topic } of app.services.datasets) {
        expect(app.services.live.hasSubscribers(topic), `a subscriber of ${topic} stays`).toBe(false);
      }
    },
  };
}

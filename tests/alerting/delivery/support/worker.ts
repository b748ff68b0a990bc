import { expect } from 'vitest';
import type { AlertDraft } from '../../../../src/alerting/book/alert.ts';
import { createDeliveries, type DeliveriesOptions } from '../../../../src/alerting/delivery/deliveries.ts';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import type { TestDatabase } from '../../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../../support/graphql.ts';
import { createTestSchedule } from '../../../support/test-schedule.ts';

/** The functions that tests may call. */
export const ALLOWED = { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.0/8' };

const CREATE = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { webhookId } } }`;
const DELIVERIES = `query ($filter: AlertDeliveryFilter) {
  alertDeliveries(filter: $filter, orderBy: { field: CREATED_AT, direction: ASC }, first: 500) {
    nodes {
      alertId webhookId messageId event attempt status payload
      scheduledAt startedAt durationMs statusCode error responseBody
    }
  }
}`;

/** Reading the attempts takes longer than most of them. */
const PATIENTLY = { interval: 50 };

type Fields = Readonly<Record<string, unknown>>;

/** Deliveries on their own database, sent when the test says so. */
export interface TestWorker extends AsyncDisposable {
  readonly graphql: TestGraphQL;
  /** Starts another instance on the same database. The caller stops it. */
  startAnother(options?: Partial<DeliveriesOptions>): TestInstance;
  readonly instance: TestInstance;
  /** Adds a webhook and returns its secret. */
  addWebhook(webhookId: string, url: string, fields?: Fields): Promise<string>;
  raise(alertId: string, fields?: Partial<AlertDraft>): Promise<void>;
  acknowledge(alertId: string): Promise<void>;
  resolve(alertId: string): Promise<void>;
  /** The attempts, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: looked into by matchers
  rows(filter?: Fields): Promise<any[]>;
  /** Resolves when the attempts, oldest first, are these. */
  waitForRows(expected: readonly Fields[], filter?: Fields): Promise<void>;
}

export interface TestInstance {
  /** Claims due deliveries, and resolves when they have begun. */
  round(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
  readonly log: readonly unknown[];
}

/**
 * @param environment in addition to `ALLOWED`
 * @param databaseUrl a database with the schema of this version; by default, a new one
 */
export async function startWorker(
  database: TestDatabase,
  options: Partial<DeliveriesOptions> = {},
  environment: Readonly<Record<string, string>> = {},
  databaseUrl?: string,
): Promise<TestWorker> {
  const graphql = await startGraphQL(database, {
    environment: { ...ALLOWED, ...environment },
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const instance = startInstance(graphql, options);
  const rows = async (filter?: Fields) => (await graphql.data(DELIVERIES, { filter })).alertDeliveries.nodes;
  return {
    graphql,
    instance,
    rows,
    startAnother: (others) => startInstance(graphql, { ...options, ...others }),
    async addWebhook(webhookId, url, fields) {
      const { createWebhook } = await graphql.data(CREATE, { input: { webhookId, url, ...fields } });
      return createWebhook.secret;
    },
    async raise(alertId, fields) {
      await graphql.services.alerting.alertBook.change('default', (writer) =>
        writer.raise(draft(alertId, graphql.clock.now(), fields)),
      );
    },
    async acknowledge(alertId) {
      await graphql.services.alerting.alertBook.change('default', (writer) =>
        writer.acknowledge(alertId, 'ada'),
      );
    },
    async resolve(alertId) {
      await graphql.services.alerting.alertBook.change('default', (writer) =>
        writer.resolve(alertId, 'BY_HAND', 'ada'),
      );
    },
    waitForRows: (expected, filter) =>
      expect.poll(() => rows(filter), PATIENTLY).toEqual(expected.map((one) => expect.objectContaining(one))),
    async [Symbol.asyncDispose]() {
      await instance.stop();
      await graphql[Symbol.asyncDispose]();
    },
  };
}

function startInstance({ services }: TestGraphQL, options: Partial<DeliveriesOptions>): TestInstance {
  const schedule = createTestSchedule();
  const log: unknown[] = [];
  const sender = createSender({
    clock: services.clock,
    allowed: services.config.webhookAllowedAddresses,
    mail: services.config.mail,
  });
  const deliveries = createDeliveries({
    ...services,
    schedule,
    sender,
    random: () => 0.5,
    log: { error: (details, message) => log.push({ ...details, message }) },
    ...options,
  });
  deliveries.start();
  return { round: () => schedule.round(), stop: (graceMs = 10_000) => deliveries.stop(graceMs), log };
}

/** The input of raiseAlert. */
export function draft(alertId: string, now: number, fields: Partial<AlertDraft> = {}): AlertDraft {
  return {
    alertId,
    type: 'COST',
    severity: 'WARNING',
    title: 'Too dear',
    message: null,
    source: null,
    metadata: null,
    raisedAt: new Date(now),
    ...fields,
  };
}

/** A rule in its stored form. */
export function ruleRow(projectId: string, ruleId: string, webhooks: readonly string[] = []) {
  const at = new Date(NOW);
  return {
    projectId,
    id: crypto.randomUUID(),
    ruleId,
    name: ruleId,
    type: 'PERFORMANCE',
    enabled: true,
    dataset: 'llmCalls',
    aggregate: 'COUNT',
    groupBy: [],
    comparator: 'GT',
    warning: 1,
    window: 'PT5M',
    for: 'PT0S',
    minimumCount: 0,
    absent: 'OK',
    recoverAfter: 'PT0S',
    webhooks: [...webhooks],
    createdAt: at,
    updatedAt: at,
  };
}

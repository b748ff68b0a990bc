import { createOutbox, type Outbox } from '../../../../src/alerting/delivery/outbox.ts';
import { derivedId } from '../../../../src/core/ids.ts';
import type { PrismaTransaction } from '../../../../src/storage/prisma.ts';
import type { Store } from '../../../../src/storage/store.ts';
import { EVERYBODY } from '../../../domains/alerts/support/webhook.ts';
import type { TestGraphQL } from '../../../support/graphql.ts';
import { dueDeliveries } from './due-deliveries.ts';

export const LIMITS = { total: 6, perWebhook: 2 };

/** Replaces the transaction of a claim. */
export type Watch = (transaction: PrismaTransaction) => PrismaTransaction;

/** Webhooks, due deliveries, and an outbox that claims some of them. */
export interface Claiming {
  webhook(webhookId: string): typeof EVERYBODY & { readonly id: string; readonly webhookId: string };
  addWebhooks(...webhookIds: string[]): Promise<void>;
  addDue(webhookId: string, count: number, seconds: number): Promise<void>;
  outboxWith(watch?: Watch): Outbox;
}

/** @param graphql the server, once it runs */
export function claimingOf(graphql: () => TestGraphQL): Claiming {
  const prisma = () => graphql().services.store.prisma;
  const webhook: Claiming['webhook'] = (webhookId) => ({
    ...EVERYBODY,
    id: derivedId('default', 'webhooks', webhookId),
    webhookId,
  });

  return {
    webhook,
    async addWebhooks(...webhookIds) {
      await prisma().webhook.createMany({ data: webhookIds.map(webhook) });
    },
    async addDue(webhookId, count, seconds) {
      const data = dueDeliveries({ webhookId, count, seconds }, graphql().clock.now());
      await prisma().alertDelivery.createMany({ data });
    },
    outboxWith(watch = (same) => same) {
      const { services } = graphql();
      const transact: Store['transact'] = (key, work) =>
        services.store.transact(key, (transaction) => work(watch(transaction)));
      const store = { ...services.store, transact };
      return createOutbox({ ...services, store, limits: LIMITS, random: () => 0.5 });
    },
  };
}

/** The alerts of the claimed deliveries, sorted. */
export const alertIdsOf = (
  claimed: readonly { readonly deliveries: readonly { readonly alertId: string }[] }[],
): string[] => claimed.flatMap(({ deliveries }) => deliveries.map(({ alertId }) => alertId)).sort();

import type { ObjectType } from '../../../graphql/builder.ts';
import { type Entity, entityType } from '../../../graphql/dataset/entity.ts';
import { entityPayload, payloadName } from '../../../graphql/dataset/entity-payload.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { webhooks } from './definition.ts';

/** A webhook with its secret: only mutations that make a secret show it. */
export interface WithSecret {
  readonly webhook: Entity;
  readonly secret: string;
}

/** `UpdateWebhookPayload` for `updateWebhook`. `which`: in which state it holds the webhook. */
export function webhookPayload(parts: Parts, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(parts, webhooks, { mutation, field: 'webhook', which });
}

/** `CreateWebhookPayload` for `createWebhook`: with the secret. */
export function secretPayload(parts: Parts, mutation: string, which: string): ObjectType<WithSecret> {
  return parts.builder.objectRef<WithSecret>(payloadName(mutation)).implement({
    description: `What \`${mutation}\` answers.`,
    fields: (t) => ({
      webhook: t.field({
        type: entityType(parts, webhooks),
        description: which,
        resolve: ({ webhook }) => webhook,
      }),
      secret: t.exposeString('secret', {
        description: 'Verifies what the webhook gets. Shown here and never again: keep it.',
      }),
    }),
  });
}

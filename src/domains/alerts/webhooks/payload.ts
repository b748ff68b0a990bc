import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { type Entity, stateType } from '../../../graphql/entities/entity.ts';
import { entityPayload, payloadName } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** A webhook with its secret. Only mutations that create a secret show it. */
export interface WithSecret {
  readonly webhook: Entity;
  readonly secret: string;
}

/** A webhook, with its secret if the mutation created a new one. */
export interface WithNewSecret {
  readonly webhook: Entity;
  readonly secret: string | null;
}

/** `DeleteWebhookPayload` for `deleteWebhook`. `which` describes the webhook in it. */
export function webhookPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, webhooks, { mutation, field: 'webhook', which });
}

/** `CreateWebhookPayload` for `createWebhook`: with the secret. */
export function secretPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<WithSecret> {
  return payloadWithSecret<WithSecret>(types, {
    mutation,
    which,
    nullable: false,
    description:
      'WEBHOOK: the key that verifies the signatures. PAGERDUTY: the integration key. SLACK and ' +
      'DISCORD: the whole `url`. EMAIL: empty. The secret is never shown again, so store it now.',
  });
}

/** `UpdateWebhookPayload` for `updateWebhook`: with the secret if the mutation created one. */
export function changedPayload(
  types: TypeRegistry,
  mutation: string,
  which: string,
): ObjectType<WithNewSecret> {
  return payloadWithSecret<WithNewSecret>(types, {
    mutation,
    which,
    nullable: true,
    description:
      'The key that verifies the signatures, if the webhook became a WEBHOOK and no `secret` was ' +
      'given; otherwise null. It is never shown again: store it now, or create another one with ' +
      '`rotateWebhookSecret`.',
  });
}

interface SecretPayload {
  readonly mutation: string;
  /** Describes the webhook. */
  readonly which: string;
  /** Whether the mutation may create no secret. */
  readonly nullable: boolean;
  /** Describes the secret. */
  readonly description: string;
}

function payloadWithSecret<Payload extends WithNewSecret>(
  types: TypeRegistry,
  { mutation, which, nullable, description }: SecretPayload,
): ObjectType<Payload> {
  return types.builder.objectRef<Payload>(payloadName(mutation)).implement({
    description: `The result of \`${mutation}\`.`,
    fields: (t) => ({
      webhook: t.prismaField({
        type: stateType(types, webhooks),
        description: which,
        resolve: (_query, { webhook }) => webhook,
      }),
      secret: t.string({
        nullable,
        description,
        // Null only if `nullable`, which Pothos' types cannot follow.
        resolve: ({ secret }) => secret as string,
      }),
    }),
  });
}

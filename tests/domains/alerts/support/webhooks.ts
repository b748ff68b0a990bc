import type { TestGraphQL } from '../../../support/graphql.ts';

const FIELDS = 'webhookId url description enabled minSeverity types createdAt updatedAt';
export const CREATE = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id ${FIELDS} } } }`;
export const UPDATE = `mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhook { ${FIELDS} } } }`;
export const DELETE = `mutation ($input: DeleteWebhookInput!) { deleteWebhook(input: $input) { webhook { ${FIELDS} } } }`;
export const ROTATE =
  'mutation ($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { secret webhook { webhookId updatedAt } } }';
export const TEST = `mutation ($input: SendTestAlertInput!) { sendTestAlert(input: $input) {
  delivery { id alertId webhookId event attempt status payload alert { title } webhook { url } }
} }`;
const GET = `query ($webhookId: String!) { webhook(webhookId: $webhookId) { ${FIELDS} } }`;

export const URL_OF_HOOK = 'https://hooks.example.com/alerts';
/** A secret of this many bytes. */
export const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 251).toString('base64')}`;

/** The operations that tests use repeatedly. */
export function webhooksOf(graphql: () => TestGraphQL) {
  return {
    create: (webhookId: string, fields: object = {}) =>
      graphql().data(CREATE, { input: { webhookId, url: URL_OF_HOOK, ...fields } }),
    get: async (webhookId: string, projectId?: string) =>
      (await graphql().data(GET, { webhookId }, projectId)).webhook,
    /** The stored row, including the fields that are never shown. */
    stored: (webhookId: string) =>
      graphql().services.store.prisma.webhook.findFirstOrThrow({ where: { webhookId } }),
  };
}

import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addCreateWebhook } from './create.ts';
import { addDeleteWebhook } from './delete.ts';
import { addWebhook } from './node.ts';
import { addRotateWebhookSecret } from './rotate-secret.ts';
import { addSendTestAlert } from './send-test.ts';
import { addUpdateWebhook } from './update.ts';

/** Adds what webhooks have beside their list. */
export function addWebhooks(parts: Parts): void {
  addWebhook(parts);
  addCreateWebhook(parts);
  addUpdateWebhook(parts);
  addRotateWebhookSecret(parts);
  addDeleteWebhook(parts);
  addSendTestAlert(parts);
}

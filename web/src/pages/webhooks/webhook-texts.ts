import type { AlertSeverity, ChannelKind, OneWebhookQuery } from '../../generated/graphql.ts';
import { toIsoDuration, toShortDuration } from '../shared/durations.ts';

/** The fields of a webhook, as the server names them. */
export const WEBHOOK_FIELDS = [
  'webhookId',
  'kind',
  'url',
  'secret',
  'description',
  'minSeverity',
  'types',
  'labels',
  'quietFrom',
  'quietUntil',
  'quietTimeZone',
  'groupWait',
  'enabled',
] as const;

export type WebhookField = (typeof WEBHOOK_FIELDS)[number];
export type WebhookTexts = Readonly<Record<WebhookField, string>>;

export const NEW_WEBHOOK: WebhookTexts = {
  webhookId: '',
  kind: 'WEBHOOK',
  url: '',
  secret: '',
  description: '',
  minSeverity: 'INFO',
  types: '',
  labels: '',
  quietFrom: '',
  quietUntil: '',
  quietTimeZone: '',
  groupWait: '',
  enabled: 'yes',
};

export function textsOf(webhook: NonNullable<OneWebhookQuery['webhook']>): WebhookTexts {
  const { webhookId, kind, url, minSeverity, types, quietTimeZone, labels, groupWait } = webhook;
  return {
    webhookId,
    kind,
    url,
    minSeverity,
    quietTimeZone,
    secret: '',
    description: webhook.description ?? '',
    types: types.join(', '),
    labels: labels == null ? '' : JSON.stringify(labels),
    quietFrom: webhook.quietFrom ?? '',
    quietUntil: webhook.quietUntil ?? '',
    groupWait: groupWait === null ? '' : toShortDuration(groupWait).replaceAll(' ', ''),
    enabled: webhook.enabled ? 'yes' : '',
  };
}

/** Whether the labels cannot be parsed. The server reports any other mistake. */
export function hasBrokenLabels({ labels }: WebhookTexts): boolean {
  if (labels.trim() === '') return false;
  try {
    JSON.parse(labels);
    return false;
  } catch {
    return true;
  }
}

/** The fields that `createWebhook` and `updateWebhook` share; null clears a value. */
export function inputOf(texts: WebhookTexts) {
  const textOrNull = (text: string) => text.trim() || null;
  return {
    webhookId: texts.webhookId.trim(),
    kind: texts.kind as ChannelKind,
    description: textOrNull(texts.description),
    minSeverity: texts.minSeverity as AlertSeverity,
    types: texts.types
      .split(',')
      .map((type) => type.trim().toUpperCase())
      .filter(Boolean),
    labels: texts.labels.trim() === '' ? null : JSON.parse(texts.labels),
    quietFrom: textOrNull(texts.quietFrom),
    quietUntil: textOrNull(texts.quietUntil),
    quietTimeZone: textOrNull(texts.quietTimeZone),
    groupWait: texts.groupWait.trim() === '' ? null : toIsoDuration(texts.groupWait),
    enabled: texts.enabled === 'yes',
    ...(texts.secret.trim() !== '' && { secret: texts.secret.trim() }),
  };
}

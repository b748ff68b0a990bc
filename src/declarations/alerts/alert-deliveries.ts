import { enumeration, integer, json, text, timestamp } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import { ALERT_EVENTS, DELIVERY_STATUSES } from './delivery-enums.ts';

/** Attempts to deliver alerts to webhooks, past and scheduled: one row per attempt. */
export const alertDeliveries = defineState({
  name: 'alertDeliveries',
  entity: 'AlertDelivery',
  table: 'alert_deliveries',
  description: 'One attempt to deliver an alert to a webhook.',
  columns: {
    alertId: text({ description: 'The alert.' }),
    webhookId: text({ description: 'The webhook.' }),
    messageId: text({
      description:
        'Sent in the header `webhook-id`. All attempts to deliver a message share it, so receivers ' +
        'can detect duplicates.',
    }),
    event: enumeration('AlertEvent', ALERT_EVENTS, { description: 'The event that the delivery reports.' }),
    attempt: integer({ min: 1, description: 'The number of the attempt, from 1.' }),
    status: enumeration('AlertDeliveryStatus', DELIVERY_STATUSES, {
      description: 'The status of the attempt.',
    }),
    payload: json({
      maxLength: 100_000,
      description:
        'The payload: the alert as it was when it changed. A WEBHOOK receives it unchanged; other ' +
        'kinds convert it to their own format, and may combine several alerts into one message ' +
        '(`groupWait`).',
    }),
    scheduledAt: timestamp({ description: 'When the attempt was or is due.' }),
    claimedUntil: timestamp({
      optional: true,
      hidden: true,
      description: 'Until when the current sender holds the delivery.',
    }),
    startedAt: timestamp({
      optional: true,
      description: 'When the attempt started; null if it is still waiting.',
    }),
    durationMs: integer({
      optional: true,
      description: 'How long the receiver took to respond, in milliseconds.',
    }),
    statusCode: integer({
      optional: true,
      description: 'HTTP status of the response, or reply code of the mail server; null if there was none.',
    }),
    error: text({
      optional: true,
      maxLength: 1000,
      description: 'Why the attempt failed; null if it did not fail.',
    }),
    responseBody: text({
      optional: true,
      maxLength: 1000,
      description: 'The beginning of the response body.',
    }),
  },
});

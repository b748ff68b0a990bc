import { enumeration, integer, json, text, timestamp } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import { ALERT_EVENTS, DELIVERY_STATUSES } from './delivery-enums.ts';

/** What was sent to webhooks, and is still to be sent: one row per attempt. */
export const alertDeliveries = defineState({
  name: 'alertDeliveries',
  entity: 'AlertDelivery',
  table: 'alert_deliveries',
  description: 'One attempt to tell a webhook of an alert.',
  columns: {
    alertId: text({ description: 'The alert.' }),
    webhookId: text({ description: 'The webhook.' }),
    messageId: text({
      description:
        'Sent as `webhook-id`, the same in all attempts to tell the same: receivers know by it what they have already got.',
    }),
    event: enumeration('AlertEvent', ALERT_EVENTS, { description: 'What it tells of the alert.' }),
    attempt: integer({ min: 1, description: 'Which attempt it is, from 1.' }),
    status: enumeration('AlertDeliveryStatus', DELIVERY_STATUSES, { description: 'How far it has come.' }),
    payload: json({
      maxLength: 100_000,
      description:
        'What is told: the alert as it was when it changed. A WEBHOOK gets it as it is; other kinds write it their way.',
    }),
    scheduledAt: timestamp({ description: 'When it was, or is, due.' }),
    claimedUntil: timestamp({
      optional: true,
      hidden: true,
      description: 'Whoever sends it has until then.',
    }),
    startedAt: timestamp({ optional: true, description: 'When it was made; null: it still waits.' }),
    durationMs: integer({ optional: true, description: 'How long the receiver took, in milliseconds.' }),
    statusCode: integer({ optional: true, description: 'HTTP status of the answer; null: there was none.' }),
    error: text({ optional: true, maxLength: 1000, description: 'Why it failed; null: it did not.' }),
    responseBody: text({ optional: true, maxLength: 1000, description: 'The beginning of the answer.' }),
  },
});

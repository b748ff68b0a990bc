/** The values of the enums of deliveries, with their descriptions. */

export const ALERT_EVENTS = {
  RAISED: 'The alert was raised.',
  ACKNOWLEDGED: 'The alert was acknowledged.',
  RESOLVED: 'The alert was resolved.',
  REMINDED: 'The alert is still open.',
  TEST: 'A test alert from `sendTestAlert`.',
};

export const DELIVERY_STATUSES = {
  SCHEDULED: 'The attempt is waiting, or in progress.',
  DELIVERED:
    'The receiver responded with a status from 200 to 299. EMAIL: the mail server accepted the message.',
  FAILED: 'The attempt failed. If another attempt follows, it is a separate delivery.',
  CANCELLED: 'The attempt was not made: the webhook was disabled or deleted.',
};

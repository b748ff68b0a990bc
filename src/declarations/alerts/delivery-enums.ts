/** The values of the enums of deliveries, with what GraphiQL says of each. */

export const ALERT_EVENTS = {
  RAISED: 'The alert was raised.',
  ACKNOWLEDGED: 'Somebody took it.',
  RESOLVED: 'It is over.',
  REMINDED: 'It is still open.',
  TEST: 'Nothing: `sendTestAlert` made it up, to see whether alerts arrive.',
};

export const DELIVERY_STATUSES = {
  SCHEDULED: 'Still to be made, or being made.',
  DELIVERED: 'The receiver answered that it has arrived: with a status from 200 to 299.',
  FAILED: 'It failed; when another attempt will follow, that is there beside it.',
  CANCELLED: 'It was not made: the webhook was disabled or deleted.',
};

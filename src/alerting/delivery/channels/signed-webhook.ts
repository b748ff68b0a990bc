import { Webhook } from 'standardwebhooks';
import type { HttpChannel } from './channel.ts';
import { signingSecret } from './credentials.ts';
import { readStatus } from './read-status.ts';

const GONE = 410;

/**
 * A receiver that verifies signatures as https://www.standardwebhooks.com specifies. It gets every
 * field of the alert.
 */
export const signedWebhook: HttpChannel = {
  transport: 'http',
  credentials: signingSecret,
  render: (notice) => notice,
  headers: ({ messageId, secret, previousSecret, body, sentAt }) => ({
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(sentAt / 1000)),
    // The header may list several signatures: a receiver accepts the message if one of them is
    // valid.
    'webhook-signature': (previousSecret === null ? [secret] : [secret, previousSecret])
      .map((key) => new Webhook(key).sign(messageId, new Date(sentAt), body))
      .join(' '),
  }),
  readResponse: (response, now) => readStatus(response, now, [GONE]),
};

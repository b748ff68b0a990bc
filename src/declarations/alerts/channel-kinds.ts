/** The kinds of channels, with their descriptions. */
export const CHANNEL_KINDS = {
  WEBHOOK:
    'Your own service. It receives every field of the alert as JSON, signed according to ' +
    'standardwebhooks.com.',
  SLACK: 'A Slack channel: `url` is the URL of an incoming webhook.',
  DISCORD: 'A Discord channel: `url` is the URL of a webhook of the channel.',
  PAGERDUTY:
    'A PagerDuty service: `url` is https://events.pagerduty.com/v2/enqueue, or the URL of your ' +
    'region, and `secret` is the integration key of the Events API v2.',
  EMAIL:
    'One or more mailboxes: `url` is "mailto:ana@acme.example,bo@acme.example". The server needs ' +
    'SMTP_URL and SMTP_FROM in its environment.',
};

export type ChannelKind = keyof typeof CHANNEL_KINDS;

/** The kinds of channels, with their descriptions. */
export const CHANNEL_KINDS = {
  WEBHOOK:
    'A service of your own. It gets every field of the alert as JSON, signed according to ' +
    'standardwebhooks.com.',
  SLACK: 'A Slack channel: `url` is that of an incoming webhook.',
  DISCORD: 'A Discord channel: `url` is that of an incoming webhook.',
  PAGERDUTY:
    'A PagerDuty service: `url` is https://events.pagerduty.com/v2/enqueue, or that of your ' +
    'region, and `secret` is the integration key of the Events API v2.',
  EMAIL:
    'One or several mailboxes: `url` is "mailto:ana@acme.example,bo@acme.example". The server needs ' +
    'SMTP_URL and SMTP_FROM in its environment.',
};

export type ChannelKind = keyof typeof CHANNEL_KINDS;

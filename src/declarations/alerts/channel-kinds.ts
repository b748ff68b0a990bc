/** The kinds of channels, with what GraphiQL says of each. */
export const CHANNEL_KINDS = {
  WEBHOOK: 'A service of yours: gets every field of the alert as JSON, signed as standardwebhooks.com says.',
  SLACK: 'A channel of Slack: `url` is that of an incoming webhook.',
  DISCORD: 'A channel of Discord: `url` is that of an incoming webhook.',
  PAGERDUTY:
    'A service of PagerDuty: `url` is https://events.pagerduty.com/v2/enqueue, or that of your region, and `secret` the integration key of the Events API v2.',
};

export type ChannelKind = keyof typeof CHANNEL_KINDS;

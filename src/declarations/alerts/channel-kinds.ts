/** The kinds of channels, with what GraphiQL says of each. */
export const CHANNEL_KINDS = {
  WEBHOOK: 'A service of yours: gets every field of the alert as JSON, signed as standardwebhooks.com says.',
};

export type ChannelKind = keyof typeof CHANNEL_KINDS;

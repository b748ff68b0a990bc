import type { ChannelKind } from '../../../declarations/alerts/channel-kinds.ts';
import { isNameIn } from '../../../storage/stored-values.ts';
import type { Channel } from './channel.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { pagerduty } from './pagerduty.ts';
import { signedWebhook } from './signed-webhook.ts';
import { slack } from './slack.ts';

/** The channel of each kind. The compiler reports a missing one. */
const CHANNELS: Readonly<Record<ChannelKind, Channel>> = {
  WEBHOOK: signedWebhook,
  SLACK: slack,
  DISCORD: discord,
  PAGERDUTY: pagerduty,
  EMAIL: email,
};

/** @throws Error for an unknown kind: a newer version of the server may have stored it. */
export function channelOf(kind: string): Channel {
  if (isNameIn(CHANNELS, kind)) return CHANNELS[kind];
  throw new Error(`This server does not know the channel kind "${kind}".`);
}

import type { AlertNotice } from '../../../../src/alerting/delivery/channels/channel.ts';
import { channelOf } from '../../../../src/alerting/delivery/channels/channels.ts';
import type { Outcome } from '../../../../src/alerting/delivery/outcome.ts';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import { type Network, parseNetwork } from '../../../../src/core/networks.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { notice as anyNotice } from './notice.ts';
import { type Received, type Respond, startReceiver } from './receiver.ts';

export interface SendOptions {
  readonly kind: string;
  readonly respond: Respond;
  /** Default: an alert was raised. */
  readonly notice?: AlertNotice;
  /** Several notices that share one message, instead of `notice`. */
  readonly group?: readonly AlertNotice[];
  /**
   * The path after the address of the receiver. Default: "/services/T0/B0/token-of-the-channel".
   */
  readonly path?: string;
  readonly secret?: string;
}

export interface Sent {
  readonly outcome: Outcome | null;
  readonly request: Received;
  // biome-ignore lint/suspicious/noExplicitAny: matchers inspect it
  readonly body: any;
}

/**
 * Makes one attempt at a separate receiver, as if a webhook of that kind had been created for it.
 */
export async function sendNotice(options: SendOptions): Promise<Sent> {
  const { kind, respond, notice = anyNotice(), group, secret = null } = options;
  await using receiver = await startReceiver(respond);
  const { path = '/services/T0/B0/token-of-the-channel' } = options;
  const kept = channelOf(kind).credentials.keep({ url: new URL(path, receiver.url).href, secret }, null);
  const sender = createSender({
    clock: createTestClock(Date.parse('2026-11-22T12:00:00Z')),
    allowed: [parseNetwork('127.0.0.0/8') as Network],
  });
  const [first, ...others] = group ?? [notice];
  const messages = [
    { messageId: 'msg_1', notice: first as AlertNotice },
    ...others.map((other, index) => ({ messageId: `msg_${index + 2}`, notice: other })),
  ] as const;
  const message = { endpoint: { kind, ...kept }, messages };
  const outcome = await sender.send(message, new AbortController().signal);
  const request = receiver.received[0] as Received;
  return { outcome, request, body: JSON.parse(request.body) };
}

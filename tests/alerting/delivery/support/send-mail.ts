import type { AlertNotice } from '../../../../src/alerting/delivery/channels/channel.ts';
import type { MailAccount } from '../../../../src/alerting/delivery/mail-transport.ts';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { notice } from './notice.ts';

const FROM = { name: 'Telltale', address: 'alerts@acme.example' };
const clock = createTestClock(Date.parse('2026-11-22T12:00:01Z'));

export interface Sending {
  readonly url?: string;
  readonly notices?: readonly AlertNotice[];
  readonly account?: Partial<MailAccount['server']>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Makes one attempt at the mail server on a port of this machine. */
export function send(port: number, sending: Sending = {}) {
  const { url = 'mailto:ana@acme.example,bo@acme.example', notices = [notice()], account } = sending;
  const server = { host: '127.0.0.1', port, secure: false, login: null, ...account };
  const { timeoutMs = 10_000, signal = new AbortController().signal } = sending;
  const sender = createSender({ clock, allowed: [], mail: { server, from: FROM }, timeoutMs });
  const [first, ...others] = notices.map((one, index) => ({ messageId: `msg_${index + 1}`, notice: one }));
  const messages = [first!, ...others] as const;
  return sender.send({ endpoint: { kind: 'EMAIL', url, secret: '' }, messages }, signal);
}

import { expect, it } from 'vitest';
import { channelOf } from '../../../../src/alerting/delivery/channels/channels.ts';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import { type Network, parseNetwork } from '../../../../src/core/networks.ts';
import { CHANNEL_KINDS } from '../../../../src/declarations/alerts/channel-kinds.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { notice } from '../support/notice.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

/** Only the operator chooses the mail server. */
const called = Object.keys(CHANNEL_KINDS).filter((kind) => channelOf(kind).transport === 'http');

it.each(called)('%s calls no private address, whichever part of the url hides it', async (kind) => {
  const address = 'http://10.1.2.3:1/services/token-of-the-channel';
  const shown = kind === 'SLACK' || kind === 'DISCORD' ? 'https://hooks.example.com/***' : address;
  const endpoint = { kind, url: shown, secret: shown === address ? SECRET : address };
  const allowed = [parseNetwork('127.0.0.0/8') as Network];
  const sender = createSender({ clock: createTestClock(Date.now()), allowed });
  const message = { endpoint, messages: [{ messageId: 'msg_1', notice: notice() }] as const };
  expect(await sender.send(message, new AbortController().signal)).toMatchObject({
    statusCode: null,
    error: 'The address 10.1.2.3 is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.',
  });
});

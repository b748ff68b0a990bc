import { expect, it } from 'vitest';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { notice } from '../support/notice.ts';

it('an attempt of a kind that this server does not know fails, and names the kind', async () => {
  const sender = createSender({ clock: createTestClock(Date.now()), allowed: [] });
  const endpoint = { kind: 'PIGEON', url: 'https://example.org', secret: '' };
  const messages = [{ messageId: 'msg_1', notice: notice() }] as const;
  expect(await sender.send({ endpoint, messages }, new AbortController().signal)).toMatchObject({
    statusCode: null,
    final: false,
    error: expect.stringMatching(/does not know the channel kind "PIGEON"/),
  });
});

import { describe, expect, it } from 'vitest';
import { post, startServer } from '../../support/start-server.ts';

const SUBSCRIPTION = { query: 'subscription { ticks { number } }' };

describe('an answer that the client does not accept', () => {
  it.each(['application/json', 'application/graphql-response+json, text/plain', 'text/plain'])(
    'leaves no subscription open and says why: %s',
    async (accept) => {
      await using running = await startServer();
      const { status, body } = await post(running.url.graphql, SUBSCRIPTION, { accept });
      expect({ status, body }).toEqual({
        status: 406,
        body: {
          errors: [
            {
              message: 'A subscription needs "accept: text/event-stream", or a WebSocket.',
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        },
      });
      expect(running.server.open.subscriptions).toBe(0);
    },
  );

  it('to a query says what would be valid', async () => {
    await using running = await startServer();
    const { status, body } = await post(
      running.url.graphql,
      { query: '{ hello }' },
      { accept: 'text/plain' },
    );
    expect({ status, body }).toEqual({
      status: 406,
      body: {
        errors: [
          {
            message: expect.stringMatching(/^The answer is JSON: send "accept: application/),
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      },
    });
  });
});

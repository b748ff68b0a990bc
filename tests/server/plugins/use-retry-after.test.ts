import { describe, expect, it } from 'vitest';
import { post, startServer } from '../../support/start-server.ts';

describe('an OVERLOADED answer', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'has Retry-After: %s',
    async (accept) => {
      await using running = await startServer();
      const answer = await post(running.url.graphql, { query: 'mutation { overloaded }' }, { accept });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(answer.body).toEqual({
        data: { overloaded: null },
        errors: [
          {
            message: 'The write queue is full: nothing was stored. Try again in 1500 ms.',
            locations: [{ line: 1, column: 12 }],
            path: ['overloaded'],
            extensions: { code: 'OVERLOADED', retryAfterMs: 1500 },
          },
        ],
      });
    },
  );

  it('has no Retry-After if a part was done, because a client must not send all of it again', async () => {
    await using running = await startServer();
    const answer = await post(running.url.graphql, { query: 'mutation { fine overloaded }' });
    expect(answer.body.data).toEqual({ fine: 1, overloaded: null });
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('is the only answer with Retry-After', async () => {
    await using running = await startServer();
    expect((await post(running.url.graphql, { query: '{ hello }' })).headers.get('retry-after')).toBeNull();
    expect((await post(running.url.graphql, { query: '{ broken }' })).headers.get('retry-after')).toBeNull();
  });
});

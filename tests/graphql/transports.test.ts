import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import WebSocket from 'ws';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const RECORD = /* GraphQL */ `
  mutation Record($input: [LlmCallInput!]!) {
    recordLlmCalls(input: $input) { accepted rejected { index field code } ids }
  }
`;

describeEachDatabase('ingest', (database) => {
  /** Each way to send an operation, and the form of its answer. */
  const transports: Record<string, (app: TestApp, variables: Record<string, unknown>) => Promise<unknown>> = {
    async HTTP(app, variables) {
      return app.execute(RECORD, variables);
    },
    async WebSocket({ webSocketUrl }, variables) {
      const client = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
      try {
        return (await client.iterate({ query: RECORD, variables }).next()).value;
      } finally {
        await client.dispose();
      }
    },
  };

  it.each(Object.entries(transports))(
    'over %s stores the valid events beside an invalid one',
    async (_name, send) => {
      await using app = await startApp({ database });
      const input = [
        llmCall({ id: uuidOf(1) }),
        llmCall({ latencyMs: [] }),
        7,
        llmCall({ id: uuidOf(2), prompt: 'x' }),
      ];
      expect(await send(app, { input })).toEqual({
        data: {
          recordLlmCalls: {
            accepted: 1,
            rejected: [
              { index: 1, field: 'latencyMs', code: 'WRONG_TYPE' },
              { index: 2, field: null, code: 'WRONG_TYPE' },
              { index: 3, field: 'prompt', code: 'UNKNOWN_FIELD' },
            ],
            ids: [`LlmCall:${uuidOf(1)}`],
          },
        },
      });
    },
  );

  it.each(Object.entries(transports))('over %s names a missing variable', async (_name, send) => {
    await using app = await startApp({ database });
    expect(await send(app, {})).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', variable: 'input' } }],
    });
  });
});

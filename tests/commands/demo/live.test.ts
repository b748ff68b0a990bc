import { expect, it } from 'vitest';
import { createLiveRecorder } from '../../../src/commands/demo/live/create-live-recorder.ts';
import { isTraceable } from '../../../src/commands/demo/live/telemetry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp } from '../../support/start-app.ts';

const at = (ms: number) => new Date(Date.now() - ms).toISOString();
const common = { service: 'checkout', environment: 'production', tags: { team: 'shop' } };

const request = (requestId: string) => ({
  ...{ ...common, requestId, timestamp: at(2_000), endpoint: '/v1/pay', method: 'POST' },
  ...{ statusCode: 200, latencyMs: 950.5 },
});
const call = (id: string, requestId: string) => ({
  ...{ ...common, id, requestId, timestamp: at(1_900), operation: 'chat', provider: 'openai' },
  ...{ model: 'gpt-4o-mini', promptTokens: 1200, completionTokens: 250, latencyMs: 840.25, endUser: 'ada' },
});

const TRACED = {
  requestLogs: [request('r-traced')],
  llmCalls: [call('01a22774-7816-730b-8fa1-a12763b04a49', 'r-traced')],
};
/** OTLP cannot express that a cache answered a call. */
const CACHED = {
  requestLogs: [request('r-cached')],
  llmCalls: [{ ...call('01a22774-7816-730b-8fa1-a12763b04a50', 'r-cached'), cached: true, cost: 0 }],
};

const QUESTION = `{
  llmCalls(orderBy: { field: COST, direction: DESC }) { nodes {
    provider model promptTokens completionTokens cost latencyMs endUser cached service environment tags
    requestLog { endpoint statusCode latencyMs tags }
  } }
  otlpStatus { sender received ignored { reason } lastError }
}`;

describeEachDatabase('live events of the demo', (database) => {
  it('arrive as traces or through the client, and become the same rows', async () => {
    expect([TRACED, CACHED].map(isTraceable)).toEqual([true, false]);
    await using running = await startApp({ database });
    const [graphql, otlp] = [running.url, new URL(running.url).origin];
    const live = createLiveRecorder({ graphql, otlp, onProblem: (problem) => expect(problem).toBe(null) });
    await live.record([TRACED, CACHED]);
    await live.close();

    const row = {
      ...{ provider: 'openai', model: 'gpt-4o-mini', promptTokens: 1200, completionTokens: 250 },
      ...{ latencyMs: 840.25, endUser: 'ada', service: 'checkout', environment: 'production' },
      tags: { team: 'shop' },
      requestLog: { endpoint: '/v1/pay', statusCode: 200, latencyMs: 950.5, tags: { team: 'shop' } },
    };
    expect(await running.query(QUESTION)).toMatchObject({
      llmCalls: {
        nodes: [
          { ...row, cached: false, cost: 0.00033 },
          { ...row, cached: true, cost: 0 },
        ],
      },
      otlpStatus: [{ sender: 'checkout', received: 2, ignored: [], lastError: null }],
    });
  });
});

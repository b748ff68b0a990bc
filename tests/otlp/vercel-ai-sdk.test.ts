import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { version5, version6, version7 } from './payloads/vercel-ai-sdk.ts';
import { ignoredIn, type OtlpApp, rowsOf, startOtlp, statusOf } from './support/otlp-app.ts';
import { traceId } from './support/telemetry.ts';

/** Calls may begin at the same time. */
const sortedByRequest = (calls: readonly object[] = []) =>
  (calls as readonly { readonly requestId: string }[]).toSorted((one, other) =>
    one.requestId.localeCompare(other.requestId),
  );

describeEachDatabase('calls of the Vercel AI SDK', (database) => {
  let otlp: OtlpApp;
  beforeAll(async () => {
    otlp = await startOtlp(database);
  });
  afterAll(() => otlp[Symbol.asyncDispose]());

  it('takes the inner spans of the Vercel AI SDK 5, whose counts each provider understands differently', async () => {
    const project = await otlp.project('vercel-5');
    await project.send(version5);
    const rows = await rowsOf(project);
    const who = { endUser: 'user-1', service: 'shop', environment: 'production' };
    const claude = {
      ...{ ...who, provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', sessionId: 'session-claude' },
      ...{ promptTokens: 1800, cachedPromptTokens: 600, cacheWritePromptTokens: 200, completionTokens: 50 },
      // 1,000 at 3 USD per million, 600 at 0.3, 200 at 3.75, and 50 at 15.
      cost: 0.00468,
    };
    expect(sortedByRequest(rows['llmCalls'])).toMatchObject([
      {
        ...{ ...who, requestId: traceId(50), provider: 'openai', model: 'gpt-4o-2024-08-06', success: true },
        ...{ sessionId: 'session-stream', streaming: true, finishReason: 'tool-calls', maxTokens: 512 },
        ...{ promptTokens: 1000, cachedPromptTokens: 400, completionTokens: 100, timeToFirstTokenMs: 250.5 },
        ...{ cost: 0.003, tags: { tenant: 'acme', functionId: 'stream', feature: 'search' } },
      },
      { ...claude, requestId: traceId(51), streaming: false },
      { ...claude, requestId: traceId(52), streaming: true },
      {
        ...{ ...who, requestId: traceId(53), provider: 'google', sessionId: 'session-gemini' },
        ...{ promptTokens: 1000, cachedPromptTokens: 300, completionTokens: 160, reasoningTokens: 60 },
        // 700 at 0.3 USD per million, 300 at 0.03, and 160 at 2.5.
        cost: 0.000_619,
      },
      { ...who, requestId: traceId(54), success: false, finishReason: 'error', promptTokens: 11 },
    ]);
    expect(rows['toolCalls']).toMatchObject([
      { requestId: traceId(50), sessionId: 'session-stream', tool: 'weather', success: true, durationMs: 50 },
    ]);
    expect(ignoredIn(await statusOf(project))).toEqual({ TRACES: { OUTER_SPAN: 1 } });
  });

  it('takes the inner spans of the Vercel AI SDK 6', async () => {
    const project = await otlp.project('vercel-6');
    await project.send(version6);
    const claude = {
      ...{ provider: 'anthropic', promptTokens: 1800, cachedPromptTokens: 600, cacheWritePromptTokens: 200 },
      ...{ completionTokens: 50, cost: 0.00468 },
    };
    expect(sortedByRequest((await rowsOf(project))['llmCalls'])).toMatchObject([
      { ...claude, requestId: traceId(60), temperature: 0.2, reasoningTokens: 15 },
      { ...claude, requestId: traceId(61), sessionId: 'session-object' },
      {
        ...{ requestId: traceId(62), provider: 'cohere', model: 'rerank-v3.5', operation: 'rerank' },
        ...{ sessionId: 'session-rerank', latencyMs: 280 },
      },
    ]);
    expect(ignoredIn(await statusOf(project))).toEqual({ TRACES: { OUTER_SPAN: 1 } });
  });

  it('takes the inner spans of the Vercel AI SDK 7, and the session of the outermost one', async () => {
    const project = await otlp.project('vercel-7');
    await project.send(version7);
    const rows = await rowsOf(project);
    const tags = { tenant: 'acme', feature: 'search' };
    expect(sortedByRequest(rows['llmCalls'])).toMatchObject([
      {
        ...{ requestId: traceId(7), agentId: 'helper', sessionId: 'conversation-7', endUser: 'user-7', tags },
        ...{ promptTokens: 700, cachedPromptTokens: 200, completionTokens: 70, reasoningTokens: 30 },
        ...{ streaming: true, timeToFirstTokenMs: 250, cost: 0.000_132 },
      },
      {
        ...{ requestId: traceId(8), provider: 'cohere', model: 'rerank-v3.5', latencyMs: 280 },
        sessionId: 'conversation-8',
      },
    ]);
    const ofSession = { requestId: traceId(7), sessionId: 'conversation-7' };
    expect(rows['toolCalls']).toMatchObject([
      { ...ofSession, agentId: 'helper', tool: 'weather', errorType: 'NotFoundError', durationMs: 100 },
    ]);
    expect(rows['errorLogs']).toMatchObject([{ ...ofSession, errorType: 'NotFoundError' }]);
    expect(ignoredIn(await statusOf(project))).toEqual({ TRACES: { OUTER_SPAN: 2, OUTER_CALL: 1 } });
  });
});

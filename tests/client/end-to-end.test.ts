import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createWebSocketClient } from 'graphql-ws';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTelltale } from '../../client/src/node.ts';
import { observeOpenAI } from '../../client/src/openai.ts';
import type { Problem } from '../../client/src/problem.ts';
import { createQueries, type Queries, QueryError } from '../../client/src/query.ts';
import { createTelltale as createTelltaleOfTheWeb } from '../../client/src/web.ts';
import { graphql } from '../generated/gql.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call } from './support/events.ts';

const CALLS = graphql(`
  query CallsOfClient($filter: LlmCallFilter) {
    llmCalls(first: 10, filter: $filter) {
      totalCount
      nodes {
        provider model service environment release tags requestId sessionId agentId taskId endUser
        promptTokens cachedPromptTokens cacheWritePromptTokens completionTokens reasoningTokens
        toolCallCount serviceTier finishReason streaming latencyMs cost
      }
    }
  }
`);
const RECORDED = graphql(`
  subscription RecordedByClient($filter: LlmCallFilter) {
    llmCallRecorded(filter: $filter) { model endUser }
  }
`);
const COUNT = 'query Count { toolCalls { totalCount } errorLogs { totalCount } requestLogs { totalCount } }';
const HASH = `sha256:${createHash('sha256').update(COUNT).digest('hex')}`;

const COMPLETION = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-4o-mini', service_tier: 'default' },
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
  usage: {
    ...{ prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
    prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 80 },
  },
};

describeEachDatabase('the client with a real server', (database) => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-documents-'));
  let app: TestApp;
  let queries: Queries;
  beforeAll(async () => {
    const documents = join(folder, 'documents.json');
    writeFileSync(documents, JSON.stringify({ [HASH]: COUNT }));
    app = await startApp({ database, environment: { TRUSTED_DOCUMENTS: documents } });
    queries = createQueries({ url: app.url, createWebSocketClient, webSocketImpl: WebSocket });
  });
  afterAll(async () => {
    await queries?.close();
    await app?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('has everything that was recorded, with its context, and notifies subscribers', async () => {
    const telltale = createTelltale({
      ...{ url: app.url, service: 'shop', environment: 'test', release: 'v1', tags: { team: 'search' } },
    });
    const fetch = async () =>
      new Response(JSON.stringify(COMPLETION), { headers: { 'content-type': 'application/json' } });
    const openai = observeOpenAI(new OpenAI({ apiKey: 'sk-test', fetch }), telltale);
    const live = queries.subscribe(RECORDED, { filter: { service: { eq: 'shop' } } });
    const first = live.next();
    await app.waitForSubscriptions(1);
    const context = { requestId: 'r-1', sessionId: 's-1', agentId: 'builder', taskId: 'T-1', endUser: 'ada' };
    await telltale.withContext({ ...context, tags: { feature: 'chat' } }, async () => {
      await openai.chat.completions.create({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'Hi' }],
      });
      telltale.record('toolCalls', { tool: 'Bash', success: true, durationMs: 5 });
      telltale.error(new RangeError('too far'));
      telltale.request({ endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 20 });
    });
    expect(await telltale.close()).toEqual({ sent: 4, rejected: 0, dropped: 0, pending: 0 });
    expect((await first).value).toEqual({ llmCallRecorded: { model: 'gpt-4o-mini', endUser: 'ada' } });
    await live.return();

    const { llmCalls } = await queries.query(CALLS, { filter: { service: { eq: 'shop' } } });
    expect(llmCalls).toEqual({
      totalCount: 1,
      nodes: [
        {
          ...{
            provider: 'openai',
            model: 'gpt-4o-mini',
            service: 'shop',
            environment: 'test',
            release: 'v1',
          },
          ...{ tags: { team: 'search', feature: 'chat' }, ...context },
          ...{
            promptTokens: 1_000,
            cachedPromptTokens: 400,
            cacheWritePromptTokens: 0,
            completionTokens: 200,
          },
          ...{ reasoningTokens: 80, toolCallCount: 0, serviceTier: 'STANDARD', finishReason: 'stop' },
          ...{ streaming: false, latencyMs: expect.any(Number), cost: expect.closeTo(0.00024, 6) },
        },
      ],
    });
    const trusted = createQueries({ url: app.url, trustedDocuments: true });
    const document = { toString: () => 'not sent', __meta__: { hash: HASH } };
    expect(await trusted.query(document)).toEqual({
      toolCalls: { totalCount: 1 },
      errorLogs: { totalCount: 1 },
      requestLogs: { totalCount: 1 },
    });
  });

  it('takes large gzip batches from the client for the web, and names the events that are not valid', async () => {
    const problems: Problem[] = [];
    const onError = (problem: Problem) => void problems.push(problem);
    const telltale = createTelltaleOfTheWeb({ url: app.url, service: 'page', onError });
    for (let n = 0; n < 100; n++) telltale.llmCall(call());
    telltale.llmCall({ ...call('bad'), latencyMs: -1 });
    expect(await telltale.close()).toEqual({ sent: 100, rejected: 1, dropped: 0, pending: 0 });
    expect(problems).toMatchObject([
      {
        kind: 'REJECTED',
        code: 'OUT_OF_RANGE',
        field: 'latencyMs',
        event: { model: 'bad', service: 'page' },
      },
    ]);
    const { llmCalls } = await queries.query(CALLS, { filter: { service: { eq: 'page' } } });
    expect(llmCalls.totalCount).toBe(100);
  });

  it('gives the code of the error when it does not answer a question', async () => {
    const asked = queries.query({ toString: () => '{ nothing }' });
    await expect(asked).rejects.toThrow(QueryError);
    await expect(asked).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      errors: [expect.anything()],
    });
    await expect(createQueries({ url: `${app.url}/away` }).query(CALLS, {})).rejects.toThrow(QueryError);
    await expect(createQueries({ url: app.url }).subscribe(RECORDED, {}).next()).rejects.toThrow(
      'createWebSocketClient',
    );
  });
});

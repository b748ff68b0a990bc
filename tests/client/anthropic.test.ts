import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { observeAnthropic } from '../../client/src/anthropic.ts';
import { type ModelApi, startModelApi } from './support/model-api.ts';
import { createRecorder } from './support/recorder.ts';

const { telltale, takeCall } = createRecorder();
let api: ModelApi;
let anthropic: Anthropic;
beforeAll(async () => {
  api = await startModelApi();
  const plain = new Anthropic({ baseURL: api.url, apiKey: 'sk-ant-test', maxRetries: 0 });
  anthropic = observeAnthropic(plain, telltale, { provider: 'anthropic' });
  expectTypeOf(anthropic).toEqualTypeOf(plain);
});
afterAll(() => api[Symbol.asyncDispose]());

const create = {
  ...{ model: 'claude-sonnet-5-5', max_tokens: 100 },
  messages: [{ role: 'user' as const, content: 'Say hello, in confidence.' }],
};
const USAGE = {
  ...{ input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 30, output_tokens: 25 },
  ...{ service_tier: 'standard', output_tokens_details: { thinking_tokens: 9 } },
};
const TOOL = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
const MESSAGE = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', stop_reason: 'tool_use' },
  content: [{ type: 'text', text: 'Hello' }, TOOL],
  usage: USAGE,
};
const EVENTS = [
  {
    type: 'message_start',
    message: { ...MESSAGE, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: TOOL },
  { type: 'content_block_stop', index: 1 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use' },
    usage: { output_tokens: 25, input_tokens: null },
  },
  { type: 'message_stop' },
].map((data) => ({ event: data.type, data }));
const RECORDED = {
  ...{
    provider: 'anthropic',
    operation: 'chat',
    model: 'claude-sonnet-5-5',
    messageCount: 1,
    maxTokens: 100,
  },
  // The prompt consists of the tokens that were not cached, and those read from the cache and
  // written to it.
  ...{ promptTokens: 240, cachedPromptTokens: 200, cacheWritePromptTokens: 30, completionTokens: 25 },
  ...{ reasoningTokens: 9, serviceTier: 'STANDARD', finishReason: 'tool_use', toolCallCount: 1 },
};

describe('a message', () => {
  it('is recorded with the tokens of its answer, and without its text', async () => {
    api.answer({ body: MESSAGE });
    const message = await anthropic.messages.create(create);
    expect(message.content).toHaveLength(2);
    const call = takeCall();
    expect(call).toMatchObject({ ...RECORDED, streaming: false, latencyMs: expect.any(Number) });
    expect(JSON.stringify(call)).not.toContain('confidence');
  });

  it('of the beta and of helpers is recorded once', async () => {
    api.answer({ body: MESSAGE }, { body: MESSAGE });
    await anthropic.beta.messages.create(create);
    expect(takeCall()).toMatchObject(RECORDED);
    await anthropic.messages.parse(create);
    expect(takeCall()).toMatchObject(RECORDED);
  });

  it('that fails is recorded with its status and type, and throws what the SDK throws', async () => {
    api.answer({
      status: 529,
      body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    });
    await expect(anthropic.messages.create(create)).rejects.toThrow(APIError);
    expect(takeCall()).toMatchObject({ success: false, statusCode: 529, errorType: 'overloaded_error' });
  });
});

describe('a stream of a message', () => {
  it('is recorded with the usage of its parts, combined', async () => {
    api.answer({ events: EVENTS });
    const parts: string[] = [];
    for await (const { type } of await anthropic.messages.create({ ...create, stream: true }))
      parts.push(type);
    expect(parts).toHaveLength(8);
    const call = takeCall();
    expect(call).toMatchObject({ ...RECORDED, streaming: true });
    expect(call['timeToFirstTokenMs']).toBeLessThanOrEqual(Number(call['timeToLastTokenMs']));
  });

  it('that a helper reads is recorded once', async () => {
    api.answer({ events: EVENTS });
    const message = await anthropic.messages.stream(create).finalMessage();
    expect(message.content[0]).toMatchObject({ text: 'Hello' });
    expect(takeCall()).toMatchObject({ ...RECORDED, streaming: true });
  });

  it('that is left early is recorded with what was known then', async () => {
    api.answer({ events: EVENTS });
    for await (const _ of await anthropic.messages.create({ ...create, stream: true })) break;
    const call = takeCall();
    expect(call).toMatchObject({ promptTokens: 240, completionTokens: 1, streaming: true });
    expect(call).not.toHaveProperty('toolCallCount');
  });

  it('that fails midway is a failure', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    api.answer({ events: [...EVENTS.slice(0, 3), { event: 'error', data: error }] });
    const stream = await anthropic.messages.create({ ...create, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow('Overloaded');
    expect(takeCall()).toMatchObject({ success: false, errorType: 'overloaded_error', promptTokens: 240 });
  });
});

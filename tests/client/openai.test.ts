import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { observeOpenAI } from '../../client/src/openai.ts';
import { type ModelApi, startModelApi } from './support/model-api.ts';
import { createRecorder } from './support/recorder.ts';

const { telltale, takeCall, eventsOf } = createRecorder();
let api: ModelApi;
let openai: OpenAI;
beforeAll(async () => {
  api = await startModelApi();
  const plain = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'sk-test', maxRetries: 0 });
  openai = observeOpenAI(plain, telltale, { provider: 'openai' });
  expectTypeOf(openai).toEqualTypeOf(plain);
});
afterAll(() => api[Symbol.asyncDispose]());

const messages = [{ role: 'user' as const, content: 'Say hello, in confidence.' }];
const USAGE = {
  ...{ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 8, audio_tokens: 2 },
};
const TOKENS = {
  ...{ promptTokens: 100, completionTokens: 20, totalTokens: 120, cachedPromptTokens: 60 },
  ...{ cacheWritePromptTokens: 10, audioPromptTokens: 5, reasoningTokens: 8, audioCompletionTokens: 2 },
};
const TOOL = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
const COMPLETION = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-5-2026-01-01', service_tier: 'priority' },
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: { role: 'assistant', content: null, tool_calls: [TOOL, TOOL] },
    },
  ],
  usage: USAGE,
};
const chunk = (choices: readonly unknown[], more: object = {}) => ({
  data: { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'gpt-5-2026-01-01', choices, ...more },
});
const delta = (content: object, finish: string | null = null) => [
  { index: 0, delta: content, finish_reason: finish },
];
const CHUNKS = [
  chunk(delta({ role: 'assistant', content: '' })),
  chunk(delta({ content: 'Hel' })),
  chunk(delta({ content: 'lo' })),
  chunk(delta({ tool_calls: [{ index: 0, ...TOOL }] })),
  chunk(delta({}, 'stop')),
  chunk([], { usage: USAGE, service_tier: 'flex' }),
  { data: '[DONE]' },
];
const COMMON = { provider: 'openai', operation: 'chat', model: 'gpt-5-2026-01-01', messageCount: 1 };

describe('a chat completion', () => {
  it('is recorded with the tokens of its answer, and without its text', async () => {
    api.answer({ body: COMPLETION });
    const answer = await telltale.withContext({ requestId: 'r-1' }, () =>
      openai.chat.completions.create({
        model: 'gpt-5',
        messages,
        temperature: 0.2,
        top_p: 0.9,
        max_tokens: 50,
      }),
    );
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(2);
    const call = takeCall();
    expect(call).toMatchObject({
      ...{ ...COMMON, ...TOKENS, streaming: false, temperature: 0.2, topP: 0.9, maxTokens: 50 },
      ...{ finishReason: 'tool_calls', toolCallCount: 2, serviceTier: 'PRIORITY', requestId: 'r-1' },
      latencyMs: expect.any(Number),
    });
    expect(JSON.stringify(call)).not.toContain('confidence');
  });

  it('returns what the promise of the SDK returns: withResponse, asResponse, and helpers', async () => {
    api.answer({ body: COMPLETION }, { body: COMPLETION }, { body: COMPLETION });
    const { data, response } = await openai.chat.completions
      .create({ model: 'gpt-5', messages })
      .withResponse();
    expect([data.id, response.status]).toEqual(['chatcmpl-1', 200]);
    takeCall();
    const raw = await openai.chat.completions.create({ model: 'gpt-5', messages }).asResponse();
    expect(await raw.json()).toEqual(COMPLETION);
    await openai.chat.completions.parse({ model: 'gpt-5', messages });
    expect(takeCall()).toMatchObject({ model: 'gpt-5-2026-01-01' });
  });

  it('that fails is recorded with its status and code, and throws what the SDK throws', async () => {
    api.answer({
      status: 429,
      body: { error: { message: 'Slow down.', code: 'rate_limit_exceeded', type: 'tokens' } },
    });
    await expect(openai.chat.completions.create({ model: 'gpt-5', messages })).rejects.toThrow(APIError);
    expect(takeCall()).toMatchObject({
      ...{
        provider: 'openai',
        model: 'gpt-5',
        success: false,
        statusCode: 429,
        errorType: 'rate_limit_exceeded',
      },
      errorMessage: expect.stringContaining('Slow down.'),
    });
  });

  it('of a client made by withOptions is recorded, too', async () => {
    api.answer({ body: COMPLETION });
    await openai.withOptions({ timeout: 5_000 }).chat.completions.create({ model: 'gpt-5', messages });
    expect(takeCall()).toMatchObject(COMMON);
  });
});

describe('a stream of a chat completion', () => {
  it('requests its usage, and hides the extra part from the reader', async () => {
    api.answer({ events: CHUNKS });
    const parts: unknown[] = [];
    const stream = await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true });
    for await (const part of stream) parts.push(part.choices);
    expect(api.requests.at(-1)).toMatchObject({ stream_options: { include_usage: true } });
    expect(parts).toHaveLength(5);
    expect(parts).not.toContainEqual([]);
    const call = takeCall();
    expect(call).toMatchObject({
      ...{
        ...COMMON,
        ...TOKENS,
        streaming: true,
        finishReason: 'stop',
        toolCallCount: 1,
        serviceTier: 'FLEX',
      },
    });
    expect(call['timeToFirstTokenMs']).toBeLessThanOrEqual(Number(call['timeToLastTokenMs']));
  });

  it('leaves the usage to a reader that has requested it, and requests none where the API refuses that', async () => {
    api.answer({ events: CHUNKS }, { events: CHUNKS.slice(0, 5) });
    const create = { model: 'gpt-5', messages, stream: true as const };
    const asked = await openai.chat.completions.create({
      ...create,
      stream_options: { include_usage: true },
    });
    const parts = [];
    for await (const part of asked) parts.push(part);
    expect(parts).toHaveLength(6);
    takeCall();
    const plain = new OpenAI({ baseURL: api.url, apiKey: 'sk-test' });
    const without = observeOpenAI(plain, telltale, { streamUsage: false });
    for await (const _ of await without.chat.completions.create(create));
    expect(api.requests.at(-1)).not.toHaveProperty('stream_options');
    // Unknown hosts are their own provider.
    expect(takeCall()).toMatchObject({ provider: '127.0.0.1', finishReason: 'stop' });
  });

  it('is recorded once when it is split, left, or read by a helper', async () => {
    api.answer({ events: CHUNKS }, { events: CHUNKS }, { events: CHUNKS });
    const create = { model: 'gpt-5', messages, stream: true as const };
    const [left, right] = (await openai.chat.completions.create(create)).tee();
    for await (const _ of left);
    for await (const _ of right);
    expect(takeCall()).toMatchObject(TOKENS);
    for await (const _ of await openai.chat.completions.create(create)) break;
    expect(takeCall()).not.toHaveProperty('promptTokens');
    const completion = await openai.chat.completions
      .stream({ model: 'gpt-5', messages })
      .finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe('Hello');
    expect(takeCall()).toMatchObject({ ...TOKENS, streaming: true });
  });

  it('that breaks is a failure', async () => {
    api.answer({ events: CHUNKS.slice(0, 2), cut: true });
    const stream = await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow();
    expect(takeCall()).toMatchObject({ success: false, errorType: expect.any(String), streaming: true });
  });
});

const RESPONSE = {
  ...{ id: 'resp_1', object: 'response', model: 'gpt-5', status: 'completed', service_tier: 'default' },
  output: [
    { type: 'function_call', name: 'look', arguments: '{}', call_id: 'c' },
    { type: 'message', content: [] },
  ],
  usage: {
    ...{ input_tokens: 50, output_tokens: 10, total_tokens: 60 },
    input_tokens_details: { cached_tokens: 20, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 4 },
  },
};
const OF_RESPONSE = {
  ...{
    provider: 'openai',
    operation: 'chat',
    model: 'gpt-5',
    promptTokens: 50,
    completionTokens: 10,
    totalTokens: 60,
  },
  ...{
    cachedPromptTokens: 20,
    reasoningTokens: 4,
    finishReason: 'completed',
    toolCallCount: 1,
    serviceTier: 'STANDARD',
  },
};

describe('the Responses API', () => {
  it('is recorded, streamed or not', async () => {
    api.answer(
      { body: RESPONSE },
      {
        events: [
          {
            event: 'response.created',
            data: { type: 'response.created', response: { ...RESPONSE, usage: null } },
          },
          { event: 'response.output_text.delta', data: { type: 'response.output_text.delta', delta: 'Hi' } },
          { event: 'response.completed', data: { type: 'response.completed', response: RESPONSE } },
        ],
      },
    );
    await openai.responses.create({ model: 'gpt-5', input: 'Hi' });
    expect(takeCall()).toMatchObject({ ...OF_RESPONSE, streaming: false });
    for await (const _ of await openai.responses.create({ model: 'gpt-5', input: 'Hi', stream: true }));
    expect(takeCall()).toMatchObject({
      ...OF_RESPONSE,
      streaming: true,
      timeToFirstTokenMs: expect.any(Number),
    });
  });
});

describe('embeddings', () => {
  it('are recorded, and decoded by the SDK as before', async () => {
    const embedding = Buffer.from(new Float32Array([0.5, 1]).buffer).toString('base64');
    api.answer({
      body: {
        model: 'text-embedding-3-small',
        data: [{ index: 0, embedding }],
        usage: { prompt_tokens: 7, total_tokens: 7 },
      },
    });
    const answer = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    expect(answer.data[0]?.embedding).toEqual([0.5, 1]);
    const call = takeCall();
    expect(call).toMatchObject({ operation: 'embedding', model: 'text-embedding-3-small', promptTokens: 7 });
    expect(call).not.toHaveProperty('messageCount', expect.anything());
  });
});

describe('what is not observed', () => {
  it('works as before', async () => {
    api.answer({ body: { object: 'list', data: [] } });
    expect(openai.chat.completions).toBe(openai.chat.completions);
    expect(openai.baseURL).toBe(`${api.url}/v1`);
    expect(openai).toBeInstanceOf(OpenAI);
    await openai.post('/anything', { body: {} });
    expect(eventsOf('llmCalls')).toEqual([]);
  });
});

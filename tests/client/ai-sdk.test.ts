import { generateText, jsonSchema, streamText, tool, wrapLanguageModel } from 'ai';
import { convertArrayToReadableStream, MockLanguageModelV3 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { telltaleMiddleware } from '../../client/src/ai-sdk.ts';
import { createRecorder } from './support/recorder.ts';

const { telltale, takeCall, eventsOf } = createRecorder();

const USAGE = {
  inputTokens: { total: 100, noCache: 30, cacheRead: 60, cacheWrite: 10 },
  outputTokens: { total: 20, text: 12, reasoning: 8 },
};
const FINISH = { unified: 'stop' as const, raw: 'end_turn' };
const TOKENS = {
  ...{
    promptTokens: 100,
    cachedPromptTokens: 60,
    cacheWritePromptTokens: 10,
    completionTokens: 20,
    reasoningTokens: 8,
  },
};
const COMMON = {
  provider: 'openai',
  operation: 'chat',
  model: 'gpt-5',
  messageCount: 1,
  finishReason: 'stop',
};
const TOOL = { type: 'tool-call' as const, toolCallId: 'c1', toolName: 'look', input: '{}' };
const tools = { look: tool({ inputSchema: jsonSchema({ type: 'object' }) }) };
const about = { provider: 'openai.chat', modelId: 'gpt-5' };

const wrap = (model: MockLanguageModelV3) =>
  wrapLanguageModel({ model, middleware: telltaleMiddleware(telltale) });

describe('a model of the AI SDK', () => {
  it('is recorded with the tokens of its answer, and without its text', async () => {
    const model = new MockLanguageModelV3({
      ...about,
      doGenerate: {
        content: [{ type: 'text', text: 'Hello' }, TOOL],
        finishReason: FINISH,
        usage: USAGE,
        warnings: [],
      },
    });
    const prompt = 'Say hello, in confidence.';
    const { text } = await generateText({
      model: wrap(model),
      tools,
      prompt,
      temperature: 0.3,
      maxOutputTokens: 9,
    });
    expect(text).toBe('Hello');
    const call = takeCall();
    expect(call).toMatchObject({
      ...COMMON,
      ...TOKENS,
      streaming: false,
      temperature: 0.3,
      maxTokens: 9,
      toolCallCount: 1,
    });
    expect(JSON.stringify(call)).not.toContain('confidence');
  });

  // What @ai-sdk/anthropic 2 and @ai-sdk/google 2 return: their models are of the interface v2.
  it.each([
    {
      about: 'Anthropic, which counts cached tokens beside its input',
      usage: { inputTokens: 1000, outputTokens: 50, totalTokens: 1050, cachedInputTokens: 600 },
      providerMetadata: {
        anthropic: {
          usage: {
            ...{ input_tokens: 1000, output_tokens: 50 },
            ...{ cache_read_input_tokens: 600, cache_creation_input_tokens: 200 },
          },
        },
      },
      recorded: {
        ...{ promptTokens: 1800, cachedPromptTokens: 600, cacheWritePromptTokens: 200 },
        ...{ completionTokens: 50, totalTokens: 1850 },
      },
    },
    {
      about: 'Gemini, which counts thoughts beside its output',
      usage: {
        ...{ inputTokens: 1000, outputTokens: 100, totalTokens: 1160 },
        ...{ cachedInputTokens: 300, reasoningTokens: 60 },
      },
      providerMetadata: {
        google: {
          usageMetadata: { candidatesTokenCount: 100, thoughtsTokenCount: 60, totalTokenCount: 1160 },
        },
      },
      recorded: {
        ...{ promptTokens: 1000, cachedPromptTokens: 300 },
        ...{ completionTokens: 160, reasoningTokens: 60, totalTokens: 1160 },
      },
    },
  ])('is recorded with whole token counts in AI SDK 5: $about', async (given) => {
    const { usage, providerMetadata, recorded } = given;
    const middleware = telltaleMiddleware(telltale, { version: 'v2' });
    const wrapped = { params: { prompt: [{}] }, model: { provider: 'some.messages', modelId: 'some-model' } };
    const answer = { content: [], finishReason: 'stop', usage, providerMetadata };
    await middleware.wrapGenerate({ ...wrapped, doGenerate: async () => answer });
    expect(takeCall()).toMatchObject({ ...recorded, streaming: false });
    const parts = [{ type: 'finish', finishReason: 'stop', usage, providerMetadata }];
    const { stream } = await middleware.wrapStream({
      ...wrapped,
      doStream: async () => ({ stream: convertArrayToReadableStream(parts) }),
    });
    for await (const _ of stream);
    expect(takeCall()).toMatchObject({ ...recorded, streaming: true });
  });

  it('is recorded when its stream has been read', async () => {
    const model = new MockLanguageModelV3({
      ...about,
      doStream: {
        stream: convertArrayToReadableStream([
          { type: 'stream-start', warnings: [] },
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', delta: 'Hel' },
          { type: 'text-delta', id: '1', delta: 'lo' },
          { type: 'text-end', id: '1' },
          TOOL,
          { type: 'finish', finishReason: FINISH, usage: USAGE },
        ]),
      },
    });
    const { textStream } = streamText({ model: wrap(model), tools, prompt: 'Hi' });
    let text = '';
    for await (const part of textStream) text += part;
    expect(text).toBe('Hello');
    const call = takeCall();
    expect(call).toMatchObject({ ...COMMON, ...TOKENS, streaming: true, toolCallCount: 1 });
    expect(call['timeToFirstTokenMs']).toBeLessThanOrEqual(Number(call['timeToLastTokenMs']));
  });

  it('is recorded as a failure when it fails before or within its stream', async () => {
    const failing = new MockLanguageModelV3({
      ...about,
      doGenerate: () => Promise.reject(Object.assign(new RangeError('No.'), { statusCode: 400 })),
      doStream: {
        stream: convertArrayToReadableStream([
          { type: 'error', error: Object.assign(new Error('Broken.'), { code: 'overloaded' }) },
        ]),
      },
    });
    await expect(generateText({ model: wrap(failing), prompt: 'Hi', maxRetries: 0 })).rejects.toThrow('No.');
    expect(takeCall()).toMatchObject({ success: false, errorType: 'RangeError', errorMessage: 'No.' });
    const result = streamText({ model: wrap(failing), prompt: 'Hi', onError: () => undefined });
    await result.consumeStream({ onError: () => undefined });
    expect(takeCall()).toMatchObject({ success: false, errorType: 'overloaded', streaming: true });
  });

  it('is recorded when the reader leaves its stream', async () => {
    const stream = convertArrayToReadableStream([{ type: 'text-delta', id: '1', delta: 'Hel' }]);
    const { wrapStream } = telltaleMiddleware(telltale);
    const result = await wrapStream({ doStream: async () => ({ stream }), params: {}, model: about });
    await result.stream.cancel();
    expect(takeCall()).toMatchObject({ provider: 'openai', streaming: true });
    expect(eventsOf('llmCalls')).toEqual([]);
  });

  it('of version 5 reports its usage as numbers', async () => {
    const answer = {
      ...{ content: [{ type: 'text', text: 'Hello' }], finishReason: 'stop' },
      usage: {
        inputTokens: 100,
        outputTokens: 20,
        totalTokens: 120,
        reasoningTokens: 8,
        cachedInputTokens: 60,
      },
    };
    const { wrapGenerate, specificationVersion } = telltaleMiddleware(telltale, { version: 'v2' });
    expect(specificationVersion).toBe('v2');
    await wrapGenerate({ doGenerate: async () => answer, params: { prompt: [1] }, model: about });
    const { cacheWritePromptTokens: _, ...tokens } = TOKENS;
    expect(takeCall()).toMatchObject({ ...COMMON, ...tokens, totalTokens: 120 });
  });
});

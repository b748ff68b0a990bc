import { type Fields, type Payload, traces } from '../support/telemetry.ts';

const RESOURCE = { 'service.name': 'shop', 'deployment.environment.name': 'production', feature: 'search' };

/** What versions 5 and 6 say in each span of one call of a function. */
const functionOf = (functionId: string, operationId: string): Fields => ({
  'operation.name': `${operationId} ${functionId}`,
  'resource.name': functionId,
  'ai.operationId': operationId,
  'ai.telemetry.functionId': functionId,
  'ai.settings.maxRetries': 2,
  'ai.telemetry.metadata.userId': 'user-1',
  'ai.telemetry.metadata.sessionId': `session-${functionId}`,
  'ai.telemetry.metadata.tenant': 'acme',
});

/** A call within it, to `provider`'s `model`, which answered as `answered`. */
const callOf = (
  functionId: string,
  operationId: string,
  {
    provider,
    model,
    answered,
    finish,
  }: Readonly<Record<'provider' | 'model' | 'answered' | 'finish', string>>,
): Fields => ({
  ...functionOf(functionId, operationId),
  'ai.model.provider': provider,
  'ai.model.id': model,
  'gen_ai.system': provider,
  'gen_ai.request.model': model,
  'ai.response.finishReason': finish,
  'ai.response.model': answered,
  'gen_ai.response.finish_reasons': [finish],
  'gen_ai.response.model': answered,
});

const GPT = { provider: 'openai.responses', model: 'gpt-4o', answered: 'gpt-4o-2024-08-06' };
const CLAUDE = {
  ...{ provider: 'anthropic.messages', model: 'claude-sonnet-4-5', finish: 'stop' },
  answered: 'claude-sonnet-4-5-20250929',
};
const GEMINI = {
  ...{ provider: 'google.generative-ai', model: 'gemini-2.5-flash', finish: 'stop' },
  answered: 'gemini-2.5-flash',
};
const CLAUDE_USAGE = {
  ...{ input_tokens: 1000, output_tokens: 50 },
  ...{ cache_creation_input_tokens: 200, cache_read_input_tokens: 600 },
};
const CLAUDE_SAID = JSON.stringify({ anthropic: { usage: CLAUDE_USAGE, cacheCreationInputTokens: 200 } });
const GEMINI_SAID = JSON.stringify({
  google: {
    groundingMetadata: null,
    usageMetadata: {
      ...{ promptTokenCount: 1000, cachedContentTokenCount: 300 },
      ...{ candidatesTokenCount: 100, thoughtsTokenCount: 60, totalTokenCount: 1160 },
    },
  },
});

/** As 5.0.277 sends, with `@ai-sdk/openai` 2, `anthropic` 2 and `google` 2. */
export const version5: Payload = {
  traces: traces(RESOURCE, 'ai', [
    {
      name: 'ai.streamText.doStream',
      ...{ id: 2, parent: 1, trace: 50, at: [100, 1900] },
      attributes: {
        ...callOf('stream', 'ai.streamText.doStream', { ...GPT, finish: 'tool-calls' }),
        'ai.settings.maxOutputTokens': 512,
        'ai.response.msToFirstChunk': 250.5,
        'ai.response.msToFinish': 1790.2,
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 100,
        'ai.usage.totalTokens': 1100,
        'ai.usage.cachedInputTokens': 400,
        'gen_ai.request.max_tokens': 512,
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 100,
      },
    },
    {
      name: 'ai.toolCall',
      ...{ id: 3, parent: 2, trace: 50, at: [1900, 1950] },
      attributes: {
        ...functionOf('stream', 'ai.toolCall'),
        'ai.toolCall.name': 'weather',
        'ai.toolCall.id': 'call_1',
      },
    },
    {
      name: 'ai.streamText',
      ...{ id: 1, trace: 50, at: [0, 2000] },
      attributes: {
        ...functionOf('stream', 'ai.streamText'),
        'ai.model.id': 'gpt-4o',
        'ai.model.provider': 'openai.responses',
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 100,
        'ai.usage.cachedInputTokens': 400,
      },
    },
    // Not a stream: the parts of the counts are only in what the provider said.
    {
      name: 'ai.generateText.doGenerate',
      ...{ id: 5, parent: 4, trace: 51, at: [100, 900] },
      attributes: {
        ...callOf('claude', 'ai.generateText.doGenerate', CLAUDE),
        'ai.response.providerMetadata': CLAUDE_SAID,
        'ai.usage.promptTokens': 1000,
        'ai.usage.completionTokens': 50,
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 50,
      },
    },
    {
      name: 'ai.streamText.doStream',
      ...{ id: 6, parent: 4, trace: 52, at: [100, 900] },
      attributes: {
        ...callOf('claude', 'ai.streamText.doStream', CLAUDE),
        'ai.response.providerMetadata': CLAUDE_SAID,
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 50,
        'ai.usage.totalTokens': 1050,
        'ai.usage.cachedInputTokens': 600,
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 50,
      },
    },
    {
      name: 'ai.generateText.doGenerate',
      ...{ id: 7, parent: 4, trace: 53, at: [100, 900] },
      attributes: {
        ...callOf('gemini', 'ai.generateText.doGenerate', GEMINI),
        'ai.response.providerMetadata': GEMINI_SAID,
        'ai.usage.promptTokens': 1000,
        'ai.usage.completionTokens': 100,
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 100,
      },
    },
    // A stream that broke off with an error part, which only the finish reason says.
    {
      name: 'ai.streamText.doStream',
      ...{ id: 8, parent: 4, trace: 54, at: [100, 900] },
      attributes: {
        ...callOf('broken', 'ai.streamText.doStream', { ...GPT, finish: 'error' }),
        'ai.usage.inputTokens': 11,
        'ai.usage.outputTokens': 2,
        'gen_ai.usage.input_tokens': 11,
        'gen_ai.usage.output_tokens': 2,
      },
    },
  ]),
};

/** As 6.0.326 sends, with `@ai-sdk/anthropic` 3: the parts of the counts have their own names. */
export const version6: Payload = {
  traces: traces(RESOURCE, 'ai', [
    {
      name: 'ai.generateText.doGenerate',
      ...{ id: 2, parent: 1, trace: 60, at: [100, 1900] },
      attributes: {
        ...callOf('claude', 'ai.generateText.doGenerate', CLAUDE),
        'ai.response.providerMetadata': CLAUDE_SAID,
        'ai.usage.inputTokens': 1800,
        'ai.usage.inputTokenDetails.noCacheTokens': 1000,
        'ai.usage.inputTokenDetails.cacheReadTokens': 600,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 200,
        'ai.usage.outputTokens': 50,
        'ai.usage.outputTokenDetails.reasoningTokens': 15,
        'ai.usage.totalTokens': 1850,
        'ai.usage.reasoningTokens': 15,
        'ai.usage.cachedInputTokens': 600,
        'gen_ai.request.temperature': 0.2,
        'gen_ai.usage.input_tokens': 1800,
        'gen_ai.usage.output_tokens': 50,
      },
    },
    // Has no parts, as in version 5, but counts as version 6 does.
    {
      name: 'ai.generateObject.doGenerate',
      ...{ id: 3, parent: 1, trace: 61, at: [100, 1900] },
      attributes: {
        ...callOf('object', 'ai.generateObject.doGenerate', CLAUDE),
        'ai.response.providerMetadata': CLAUDE_SAID,
        'ai.usage.promptTokens': 1800,
        'ai.usage.completionTokens': 50,
        'gen_ai.usage.input_tokens': 1800,
        'gen_ai.usage.output_tokens': 50,
      },
    },
    {
      name: 'ai.rerank.doRerank',
      ...{ id: 5, parent: 4, trace: 62, at: [10, 290] },
      attributes: {
        ...functionOf('rerank', 'ai.rerank.doRerank'),
        'ai.model.provider': 'cohere.reranking',
        'ai.model.id': 'rerank-v3.5',
        'ai.ranking.type': 'text',
      },
    },
    {
      name: 'ai.rerank',
      ...{ id: 4, trace: 62, at: [0, 300] },
      attributes: {
        ...functionOf('rerank', 'ai.rerank'),
        'ai.model.provider': 'cohere.reranking',
        'ai.model.id': 'rerank-v3.5',
      },
    },
  ]),
};

const RERANK = {
  'gen_ai.operation.name': 'rerank',
  'gen_ai.provider.name': 'cohere',
  'gen_ai.request.model': 'rerank-v3.5',
};

/**
 * As 7.0.173 sends by `new OpenTelemetry({ runtimeContext: true, usage: true })` of `@ai-sdk/otel`
 * 1.0.173, by the conventions of OpenTelemetry. Only the outermost span, which ends last, says
 * whose call it is.
 */
export const version7: Payload = {
  traces: traces(RESOURCE, 'gen_ai', [
    {
      name: 'chat gpt-4o-mini',
      ...{ id: 2, parent: 9, trace: 7, kind: 3, at: [100, 900] },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.client.operation.duration': 0.8,
        'gen_ai.client.operation.time_to_first_chunk': 0.25,
        'gen_ai.usage.input_tokens': 700,
        'gen_ai.usage.output_tokens': 70,
        'gen_ai.usage.cache_read.input_tokens': 200,
        'gen_ai.usage.cache_creation.input_tokens': 0,
        'ai.usage.inputTokenDetails.noCacheTokens': 500,
        'ai.usage.outputTokenDetails.reasoningTokens': 30,
        'gen_ai.response.finish_reasons': ['tool-calls'],
        'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
      },
    },
    {
      name: 'execute_tool weather',
      ...{ id: 3, parent: 9, trace: 7, at: [900, 1000] },
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'weather',
        'gen_ai.tool.call.id': 'call_1',
        'gen_ai.tool.type': 'function',
      },
      error: 'no such city',
      exceptions: [{ 'exception.type': 'NotFoundError', 'exception.message': 'no such city' }],
    },
    {
      name: 'step 1',
      ...{ id: 9, parent: 1, trace: 7, at: [50, 1900] },
      attributes: { 'gen_ai.operation.name': 'agent_step' },
    },
    {
      name: 'invoke_agent gpt-4o-mini',
      ...{ id: 1, trace: 7, at: [0, 2000] },
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        // The id of the function.
        'gen_ai.agent.name': 'helper',
        'ai.settings.context.sessionId': 'conversation-7',
        'ai.settings.context.userId': 'user-7',
        'ai.settings.context.tenant': 'acme',
        'gen_ai.usage.input_tokens': 700,
        'gen_ai.usage.output_tokens': 70,
      },
    },
    {
      name: 'rerank rerank-v3.5',
      ...{ id: 5, parent: 4, trace: 8, at: [10, 290] },
      attributes: RERANK,
    },
    {
      name: 'rerank rerank-v3.5',
      ...{ id: 4, trace: 8, at: [0, 300] },
      attributes: { ...RERANK, 'ai.settings.context.sessionId': 'conversation-8' },
    },
  ]),
};

import { type Payload, traces } from '../support/telemetry.ts';

const RESOURCE = { 'service.name': 'shop', 'deployment.environment.name': 'production', feature: 'search' };

/** Version 5: names with `ai.*`, and some with `gen_ai.*` in the inner span. */
export const version5: Payload = {
  traces: traces(RESOURCE, 'ai', [
    {
      name: 'ai.streamText',
      ...{ id: 1, trace: 5, at: [0, 2000] },
      attributes: {
        'operation.name': 'ai.streamText',
        'ai.operationId': 'ai.streamText',
        'ai.model.id': 'gpt-4o',
        'ai.model.provider': 'openai.responses',
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 100,
      },
    },
    {
      name: 'ai.streamText.doStream',
      ...{ id: 2, parent: 1, trace: 5, at: [100, 1900] },
      attributes: {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'gpt-4o',
        'ai.model.provider': 'openai.responses',
        'ai.response.model': 'gpt-4o-2024-08-06',
        'ai.response.finishReason': 'stop',
        'ai.response.msToFirstChunk': 250.5,
        'ai.settings.maxOutputTokens': 512,
        'ai.telemetry.metadata.userId': 'user-1',
        'ai.telemetry.metadata.sessionId': 'session-5',
        'ai.usage.inputTokens': 1000,
        'ai.usage.outputTokens': 100,
        'ai.usage.cachedInputTokens': 400,
        'gen_ai.system': 'openai.responses',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 100,
      },
    },
    {
      name: 'ai.toolCall',
      ...{ id: 3, parent: 1, trace: 5, at: [1900, 1950] },
      attributes: {
        'ai.operationId': 'ai.toolCall',
        'ai.toolCall.name': 'weather',
        'ai.toolCall.id': 'call_1',
      },
    },
  ]),
};

/** Version 6: the parts of the counts have their own names. */
export const version6: Payload = {
  traces: traces(RESOURCE, 'ai', [
    {
      name: 'ai.generateText.doGenerate',
      ...{ id: 2, parent: 1, trace: 6, at: [100, 1900] },
      attributes: {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'claude-sonnet-4-5',
        'ai.model.provider': 'anthropic.messages',
        'ai.usage.inputTokens': 3000,
        'ai.usage.inputTokenDetails.noCacheTokens': 1000,
        'ai.usage.inputTokenDetails.cacheReadTokens': 2000,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 0,
        'ai.usage.outputTokens': 400,
        'ai.usage.outputTokenDetails.reasoningTokens': 150,
        'gen_ai.system': 'anthropic.messages',
        'gen_ai.request.model': 'claude-sonnet-4-5',
        'gen_ai.request.temperature': 0.2,
        'gen_ai.response.finish_reasons': ['tool-calls'],
        'gen_ai.usage.input_tokens': 3000,
        'gen_ai.usage.output_tokens': 400,
      },
    },
  ]),
};

/** Version 7: `@ai-sdk/otel`, which follows the conventions of OpenTelemetry. */
export const version7: Payload = {
  traces: traces(RESOURCE, '@ai-sdk/otel', [
    {
      name: 'invoke_agent gpt-4o-mini',
      ...{ id: 1, trace: 7, at: [0, 2000] },
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.usage.input_tokens': 700,
        'gen_ai.usage.output_tokens': 70,
      },
    },
    {
      name: 'chat gpt-4o-mini',
      ...{ id: 2, parent: 1, trace: 7, at: [100, 900] },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.agent.name': 'helper',
        // The content of `runtimeContext`.
        'ai.settings.context.sessionId': 'conversation-7',
        'ai.settings.context.userId': 'user-7',
        'ai.settings.context.tenant': 'acme',
        'gen_ai.usage.input_tokens': 700,
        'gen_ai.usage.output_tokens': 70,
        'gen_ai.usage.cache_read.input_tokens': 200,
        'gen_ai.client.operation.time_to_first_chunk': 0.25,
        'gen_ai.response.finish_reasons': ['stop'],
      },
    },
    {
      name: 'rerank rerank-v3.5',
      ...{ id: 4, trace: 8, at: [0, 300] },
      attributes: {
        'gen_ai.operation.name': 'rerank',
        'gen_ai.provider.name': 'cohere',
        'gen_ai.request.model': 'rerank-v3.5',
      },
    },
    {
      name: 'rerank rerank-v3.5',
      ...{ id: 5, parent: 4, trace: 8, at: [10, 290] },
      attributes: {
        'gen_ai.operation.name': 'rerank',
        'gen_ai.provider.name': 'cohere',
        'gen_ai.request.model': 'rerank-v3.5',
      },
    },
    {
      name: 'execute_tool weather',
      ...{ id: 3, parent: 1, trace: 7, at: [900, 1000] },
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather' },
      error: 'no such city',
      exceptions: [{ 'exception.type': 'NotFoundError', 'exception.message': 'no such city' }],
    },
  ]),
};

import { compileNames } from '../attributes.ts';

/** The session of a span, in all generations of names. */
export const SESSION_NAMES = [
  'gen_ai.conversation.id',
  'session.id',
  'langfuse.session.id',
  'ai.telemetry.metadata.sessionId',
  'ai.settings.context.sessionId',
  'traceloop.association.properties.session_id',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'langsmith.metadata.conversation_id',
] as const;

/** The end user of a span. */
export const USER_NAMES = [
  'user.id',
  'langfuse.user.id',
  'enduser.id',
  'ai.telemetry.metadata.userId',
  'ai.settings.context.userId',
  'traceloop.association.properties.user_id',
  'langsmith.metadata.user_id',
] as const;

/**
 * The attributes of a model call, in all generations of names: the OpenTelemetry conventions, the
 * Vercel AI SDK (`ai.`), OpenInference (`llm.`), OpenLLMetry (old names of `gen_ai.`), Langfuse,
 * LangSmith.
 */
export const readCallAttributes = compileNames({
  provider: [
    'gen_ai.provider.name',
    // LangSmith sets the system to "langchain".
    'langsmith.metadata.ls_provider',
    'gen_ai.system',
    'ai.model.provider',
    'llm.provider',
    'llm.system',
  ],
  model: [
    'langfuse.observation.model.name',
    'gen_ai.response.model',
    'ai.response.model',
    'gen_ai.request.model',
    'ai.model.id',
    'llm.response.model_name',
    'llm.model_name',
    'embedding.model_name',
  ],
  operation: [
    'gen_ai.operation.name',
    'llm.request.type',
    'openinference.span.kind',
    'ai.operationId',
    'langfuse.observation.type',
  ],
  promptTokens: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
    'llm.token_count.prompt',
    'llm.usage.prompt_tokens',
  ],
  completionTokens: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
    'llm.token_count.completion',
    'llm.usage.completion_tokens',
  ],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'ai.usage.cachedInputTokens',
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'llm.token_count.prompt_details.cache_read',
  ],
  cacheWritten: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
    'llm.token_count.prompt_details.cache_write',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'ai.usage.reasoningTokens',
    'ai.usage.outputTokenDetails.reasoningTokens',
    'llm.token_count.completion_details.reasoning',
  ],
  /** Of the Vercel AI SDK: JSON of what the provider said. */
  providerMetadata: ['ai.response.providerMetadata'],
  usageDetails: ['langfuse.observation.usage_details'],
  promptDetails: ['gen_ai.usage.input_token_details'],
  completionDetails: ['gen_ai.usage.output_token_details'],
  audioPrompt: ['llm.token_count.prompt_details.audio'],
  audioCompletion: ['llm.token_count.completion_details.audio'],
  costDetails: ['langfuse.observation.cost_details'],
  cost: ['gen_ai.usage.cost', 'llm.cost.total'],
  secondsToFirstChunk: ['gen_ai.response.time_to_first_chunk', 'gen_ai.client.operation.time_to_first_chunk'],
  firstChunkAt: ['langfuse.observation.completion_start_time'],
  msToFirstChunk: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],
  sessionId: SESSION_NAMES,
  endUser: USER_NAMES,
  agentId: ['gen_ai.agent.id', 'gen_ai.agent.name'],
  finishReason: [
    'gen_ai.response.finish_reasons',
    'ai.response.finishReason',
    'llm.finish_reason',
    'anthropic.message.stop_reason',
  ],
  temperature: ['gen_ai.request.temperature', 'ai.settings.temperature'],
  topP: ['gen_ai.request.top_p', 'ai.settings.topP'],
  maxTokens: ['gen_ai.request.max_tokens', 'ai.settings.maxOutputTokens'],
  streaming: ['gen_ai.request.stream', 'llm.is_streaming', 'langsmith.request.streaming'],
  parameters: ['llm.invocation_parameters', 'langfuse.observation.model.parameters'],
  serviceTier: [
    'gen_ai.response.service_tier',
    'gen_ai.openai.response.service_tier',
    'openai.response.service_tier',
    'gen_ai.openai.request.service_tier',
    'openai.request.service_tier',
  ],
  promptVersion: ['langfuse.observation.prompt.version', 'gen_ai.prompt.version'],
  statusCode: ['http.response.status_code', 'http.status_code'],
  errorType: ['error.type'],
  level: ['langfuse.observation.level'],
  statusMessage: ['langfuse.observation.status_message'],
  environment: ['langfuse.environment'],
  release: ['langfuse.release'],
});

export type CallAttributes = ReturnType<typeof readCallAttributes>;

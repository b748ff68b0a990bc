import { between, knownCost, type Preset, type PresetRow, toObject } from './preset.ts';

const OPERATIONS: Readonly<Record<string, string>> = {
  completion: 'chat',
  acompletion: 'chat',
  embedding: 'embedding',
  aembedding: 'embedding',
};

/**
 * The table `LiteLLM_SpendLogs` of LiteLLM's proxy, written to a file:
 * https://github.com/BerriAI/litellm/blob/main/schema.prisma
 */
export const litellm: Preset = {
  name: 'litellm',
  needs: ['request_id', 'call_type', 'spend', 'total_tokens', 'startTime', 'endTime', 'model'],
  leftOut: 'rows are not model calls',
  columns: [
    ...[
      'timestamp',
      'requestId',
      'provider',
      'model',
      'operation',
      'origin',
      'endUser',
      'agentId',
      'sessionId',
      'success',
    ],
    ...['errorType', 'cached', 'streaming', 'promptTokens', 'completionTokens', 'totalTokens', 'cost'],
    ...['latencyMs', 'timeToFirstTokenMs', 'cachedPromptTokens', 'cacheWritePromptTokens'],
    ...['reasoningTokens', 'tags', 'attributes'],
  ],
  read(row) {
    const start = row.time('startTime');
    const end = row.time('endTime');
    const firstToken = row.time('completionStartTime');
    const model = row.text('model') ?? 'unknown';
    const type = row.text('call_type');
    const failed = row.get('status') === 'failure';
    // Without streaming, LiteLLM records the end as the time of the first token.
    const streaming = firstToken !== undefined && end !== undefined && firstToken < end;
    return {
      timestamp: start,
      requestId: row.get('request_id'),
      provider: row.text('custom_llm_provider') ?? (model.includes('/') ? model.split('/')[0] : 'unknown'),
      model,
      operation: type === undefined ? undefined : (OPERATIONS[type] ?? type),
      origin: 'litellm',
      endUser: row.get('end_user', 'user'),
      agentId: row.get('agent_id'),
      sessionId: row.get('session_id'),
      ...(failed && { success: false, errorType: 'failure' }),
      cached: row.text('cache_hit')?.toLowerCase() === 'true',
      streaming,
      promptTokens: row.number('prompt_tokens'),
      completionTokens: row.number('completion_tokens'),
      totalTokens: row.number('total_tokens'),
      ...partsOf(row),
      cost: knownCost(row.number('spend')),
      latencyMs: between(start, end) ?? row.number('request_duration_ms'),
      timeToFirstTokenMs: streaming ? between(start, firstToken) : undefined,
      tags: { team: row.text('team_id'), organization: row.text('organization_id') },
      attributes: row.attributes('team_id', 'organization_id', 'model_group', 'request_tags', 'api_base'),
    };
  },
  identify: (row) => [row.get('request_id')],
};

/**
 * Newer versions of LiteLLM store the usage that the provider reported, in OpenAI's form, with
 * Anthropic's fields beside it.
 */
function partsOf(row: PresetRow): Readonly<Record<string, unknown>> {
  const usage = toObject('usage_object', row.object('metadata')['usage_object']);
  const prompt = toObject('prompt_tokens_details', usage['prompt_tokens_details']);
  const completion = toObject('completion_tokens_details', usage['completion_tokens_details']);
  return {
    cachedPromptTokens: prompt['cached_tokens'] ?? usage['cache_read_input_tokens'],
    cacheWritePromptTokens: usage['cache_creation_input_tokens'],
    reasoningTokens: completion['reasoning_tokens'],
  };
}

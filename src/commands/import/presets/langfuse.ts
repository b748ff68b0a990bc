import { between, knownCost, type Preset } from './preset.ts';

/** Observations that are calls to models. All others are steps around them. */
const CALLS = new Set(['GENERATION', 'EMBEDDING']);
/** The names that Langfuse's integrations give to parts of the tokens. */
const PARTS = {
  cachedPromptTokens: ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens'],
  cacheWritePromptTokens: ['input_cache_creation', 'input_cache_write', 'cache_creation_input_tokens'],
  reasoningTokens: ['output_reasoning_tokens', 'output_reasoning'],
  audioPromptTokens: ['input_audio_tokens', 'input_audio'],
  audioCompletionTokens: ['output_audio_tokens', 'output_audio'],
};

/**
 * The observations of Langfuse's export to blob storage:
 * https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields
 */
export const langfuse: Preset = {
  name: 'langfuse',
  needs: ['id', 'type', 'start_time', 'end_time', 'provided_model_name', 'usage_details'],
  leftOut: 'observations are not model calls',
  columns: [
    ...['timestamp', 'requestId', 'model', 'operation', 'endUser', 'release', 'environment', 'success'],
    ...['errorType', 'errorMessage', 'streaming', 'sessionId', 'promptVersion', 'promptTokens'],
    ...['completionTokens', ...Object.keys(PARTS)],
    ...['cost', 'latencyMs', 'timeToFirstTokenMs', 'maxTokens', 'temperature', 'topP', 'attributes'],
  ],
  read(row) {
    if (!CALLS.has(String(row.get('type')))) return null;
    const start = row.time('start_time');
    const firstToken = row.time('completion_start_time');
    const usage = Object.entries(row.object('usage_details')).map(
      ([name, count]) => [name, Number(count)] as const,
    );
    const sum = (belongs: (name: string) => boolean) =>
      usage.reduce((total, [name, count]) => (belongs(name) ? total + count : total), 0);
    const parts = Object.entries(PARTS).map(([column, names]) => [
      column,
      sum((name) => names.includes(name)) || undefined,
    ]);
    const [prompt, version] = [row.text('prompt_name'), row.text('prompt_version')];
    const parameters = row.object('model_parameters');
    const failed = row.get('level') === 'ERROR';
    return {
      timestamp: start,
      requestId: row.get('trace_id'),
      model: row.text('provided_model_name') ?? 'unknown',
      operation: row.get('type') === 'EMBEDDING' ? 'embedding' : undefined,
      endUser: row.get('user_id'),
      release: row.get('release'),
      environment: row.get('environment'),
      success: !failed,
      ...(failed && { errorType: 'error', errorMessage: row.get('status_message') }),
      streaming: firstToken !== undefined,
      sessionId: row.get('session_id'),
      promptVersion: prompt === undefined || version === undefined ? version : `${prompt}@${version}`,
      // Langfuse's kinds of tokens do not overlap: tokens from the cache are not part of "input".
      promptTokens: sum((name) => name.includes('input')),
      completionTokens: sum((name) => name.includes('output')),
      ...Object.fromEntries(parts),
      cost: knownCost(row.number('total_cost')),
      // Not "latency", whose unit depends on when the export was set up.
      latencyMs: between(start, row.time('end_time')),
      timeToFirstTokenMs: between(start, firstToken),
      maxTokens: parameters['max_tokens'],
      temperature: parameters['temperature'],
      topP: parameters['top_p'],
      attributes: row.attributes('name', 'trace_name', 'tags', 'version', 'prompt_name'),
    };
  },
  identify: (row) => [row.get('id')],
};

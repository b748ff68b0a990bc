import { between, knownCost, type Preset, type PresetRow, toObject } from './preset.ts';

/**
 * The requests that Helicone's export tool writes, as JSON Lines or as CSV, which has fewer fields:
 * https://docs.helicone.ai/tools/export and
 * https://github.com/Helicone/helicone/blob/main/examples/export/typescript/index.ts
 */
export const helicone: Preset = {
  name: 'helicone',
  needs: ['response_id', 'request_created_at', 'response_created_at', 'response_status', 'prompt_tokens'],
  leftOut: 'rows are not model calls',
  columns: [
    ...['timestamp', 'requestId', 'sessionId', 'model', 'endUser', 'statusCode', 'success', 'promptTokens'],
    ...[
      'completionTokens',
      'totalTokens',
      'cachedPromptTokens',
      'cacheWritePromptTokens',
      'audioPromptTokens',
    ],
    ...['audioCompletionTokens', 'cost', 'latencyMs', 'timeToFirstTokenMs', 'attributes'],
  ],
  read(row) {
    // Helicone's CSV has no provider, so --set must name it.
    const provider = row.text('provider');
    const start = row.time('request_created_at');
    // Helicone's own statuses, such as that of a cancelled request, are below those of HTTP.
    const status = row.number('response_status') ?? 0;
    const properties = propertiesOf(row);
    return {
      timestamp: start,
      requestId: row.get('request_id'),
      sessionId: properties['Helicone-Session-Id'],
      ...(provider !== undefined && { provider: provider.toLowerCase() }),
      model: row.get('model', 'response_model', 'request_model') ?? 'unknown',
      endUser: row.get('request_user_id'),
      ...(status >= 100 ? { statusCode: status } : { success: false }),
      ...tokensOf(row),
      cost: knownCost(row.number('costUSD', 'cost_usd', 'cost')),
      latencyMs: row.number('delay_ms', 'latency') ?? between(start, row.time('response_created_at')),
      timeToFirstTokenMs: row.number('time_to_first_token'),
      attributes: { ...properties, ...row.attributes('country_code', 'request_path') },
    };
  },
  identify: (row) => [row.get('response_id') ?? row.get('request_id')],
};

/**
 * Helicone's token counts of a prompt and of an answer exclude the parts that have their own
 * prices:
 * https://github.com/Helicone/helicone/blob/main/packages/cost/usage/openAIUsageProcessor.ts Ours
 * include them. The CSV has no parts.
 */
function tokensOf(row: PresetRow): Readonly<Record<string, number | undefined>> {
  const parts = {
    cachedPromptTokens: row.number('prompt_cache_read_tokens'),
    cacheWritePromptTokens: row.number('prompt_cache_write_tokens'),
    audioPromptTokens: row.number('prompt_audio_tokens'),
    audioCompletionTokens: row.number('completion_audio_tokens'),
  };
  const { audioCompletionTokens, ...ofPrompt } = parts;
  const prompt = sum(row.number('prompt_tokens'), ...Object.values(ofPrompt));
  const completion = sum(row.number('completion_tokens'), audioCompletionTokens);
  const isWhole = Object.values(parts).every((part) => !part);
  return {
    ...parts,
    promptTokens: prompt,
    completionTokens: completion,
    // Helicone's total excludes the parts, too. Where there are parts, the server adds them up.
    ...(isWhole && { totalTokens: row.number('total_tokens') }),
  };
}

/** Undefined if the first number, the rest, is unknown. */
const sum = (rest: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined =>
  rest === undefined ? undefined : parts.reduce<number>((all, part) => all + (part ?? 0), rest);

/** In Helicone's CSV, the quotes of JSON are doubled once more than in other fields. */
function propertiesOf(row: PresetRow): Readonly<Record<string, unknown>> {
  const value = row.get('request_properties');
  const isDoubled = typeof value === 'string' && value.startsWith('{""');
  return toObject('request_properties', isDoubled ? value.replaceAll('""', '"') : value);
}

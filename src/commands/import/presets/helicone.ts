import { between, knownCost, type Preset, type PresetRow, toObject } from './preset.ts';

/**
 * The requests that Helicone's export tool writes, as JSON Lines or as CSV, which has less:
 * https://docs.helicone.ai/tools/export and
 * https://github.com/Helicone/helicone/blob/main/examples/export/typescript/index.ts
 */
export const helicone: Preset = {
  name: 'helicone',
  needs: ['response_id', 'request_created_at', 'response_created_at', 'response_status', 'prompt_tokens'],
  leftOut: 'rows are no calls to models',
  columns: [
    ...['timestamp', 'requestId', 'sessionId', 'model', 'endUser', 'statusCode', 'success', 'promptTokens'],
    ...['completionTokens', 'totalTokens', 'cost', 'latencyMs', 'timeToFirstTokenMs', 'attributes'],
  ],
  read(row) {
    // Its CSV has none: then --set has to say it.
    const provider = row.text('provider');
    const start = row.time('request_created_at');
    // Its own statuses, such as that of a cancelled request, are below those of HTTP.
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
      promptTokens: row.number('prompt_tokens'),
      completionTokens: row.number('completion_tokens'),
      totalTokens: row.number('total_tokens'),
      cost: knownCost(row.number('costUSD', 'cost_usd', 'cost')),
      latencyMs: row.number('delay_ms', 'latency') ?? between(start, row.time('response_created_at')),
      timeToFirstTokenMs: row.number('time_to_first_token'),
      attributes: { ...properties, ...row.attributes('country_code', 'request_path') },
    };
  },
  identify: (row) => [row.get('response_id') ?? row.get('request_id')],
};

/** In its CSV, the quotes of JSON are doubled once more than in other fields. */
function propertiesOf(row: PresetRow): Readonly<Record<string, unknown>> {
  const value = row.get('request_properties');
  const isDoubled = typeof value === 'string' && value.startsWith('{""');
  return toObject('request_properties', isDoubled ? value.replaceAll('""', '"') : value);
}

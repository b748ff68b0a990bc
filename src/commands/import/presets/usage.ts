import type { Preset, PresetRow } from './preset.ts';

/**
 * Rows of usage are sums over many calls. Each becomes one event that must not be taken for a call,
 * so it has its own operation and provider. The price book does not know that provider, because
 * prices may depend on the size of a single prompt.
 */
const USAGE = { provider: 'usage', operation: 'usage' };

const COLUMNS = [
  ...['timestamp', 'provider', 'model', 'operation', 'origin', 'promptTokens', 'completionTokens'],
  ...['cachedPromptTokens', 'cacheWritePromptTokens', 'attributes'],
];

const OPENAI_GROUPS = ['end_time', 'project_id', 'user_id', 'api_key_id', 'batch', 'service_tier'];

/**
 * The usage of completions that OpenAI's dashboard exports, with the fields of its usage API:
 * https://platform.openai.com/docs/api-reference/usage/completions_object
 */
export const openaiUsage: Preset = {
  name: 'openai-usage',
  needs: ['start_time', 'end_time', 'input_tokens', 'output_tokens', 'num_model_requests'],
  leftOut: 'rows have no requests',
  columns: COLUMNS,
  read(row) {
    if (!row.number('num_model_requests')) return null;
    return {
      ...USAGE,
      timestamp: row.time('start_time'),
      model: row.text('model') ?? 'unknown',
      origin: 'openai-usage',
      promptTokens: row.number('input_tokens'),
      completionTokens: row.number('output_tokens'),
      cachedPromptTokens: row.number('input_cached_tokens'),
      attributes: { calls: row.number('num_model_requests'), ...groupsOf(row, OPENAI_GROUPS) },
    };
  },
  identify: (row) => ['start_time', 'model', ...OPENAI_GROUPS].map((name) => row.get(name)),
};

const WRITTEN = ['cache_write_5m', 'cache_write_1h', 'cache_write'];
const INPUTS = ['no_cache', ...WRITTEN, 'cache_read'];
const ANTHROPIC_GROUPS = ['api_key', 'workspace', 'usage_type', 'context_window', 'inference_geo', 'speed'];

/**
 * The usage that Anthropic's console exports, as people have published it:
 * https://support.anthropic.com/en/articles/9534590-cost-and-usage-reporting-in-console
 */
export const anthropicUsage: Preset = {
  name: 'anthropic-usage',
  needs: ['usage_date_utc', 'model_version', 'usage_input_tokens_no_cache', 'usage_output_tokens'],
  leftOut: 'rows have no tokens',
  columns: COLUMNS,
  read(row) {
    const sum = (names: readonly string[]) =>
      names.reduce((total, name) => total + (row.number(`usage_input_tokens_${name}`) ?? 0), 0);
    const promptTokens = sum(INPUTS);
    const completionTokens = row.number('usage_output_tokens') ?? 0;
    if (promptTokens + completionTokens === 0) return null;
    return {
      ...USAGE,
      timestamp: row.time('usage_date_utc'),
      model: row.text('model_version') ?? 'unknown',
      origin: 'anthropic-usage',
      promptTokens,
      completionTokens,
      cachedPromptTokens: row.number('usage_input_tokens_cache_read'),
      cacheWritePromptTokens: sum(WRITTEN),
      attributes: groupsOf(row, [...ANTHROPIC_GROUPS, 'web_search_count']),
    };
  },
  identify: (row) => ['usage_date_utc', 'model_version', ...ANTHROPIC_GROUPS].map((name) => row.get(name)),
};

/** The name or id of a key is not a secret, but a field with such a name would be masked as one. */
function groupsOf(row: PresetRow, names: readonly string[]): Readonly<Record<string, unknown>> {
  const groups = Object.entries(row.attributes(...names) ?? {});
  return Object.fromEntries(
    groups.map(([name, value]) => [name === 'api_key' ? 'key_name' : name.replace('api_key', 'key'), value]),
  );
}

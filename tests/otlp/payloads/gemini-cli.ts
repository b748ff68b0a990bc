import { logs, metrics, type Payload, traces } from '../support/telemetry.ts';

/** Names according to docs/cli/telemetry.md of google-gemini/gemini-cli. */
const RESOURCE = { 'service.name': 'gemini-cli', 'service.version': 'v24.1.0', 'session.id': 'session-9' };
const COMMON = { 'session.id': 'session-9', 'installation.id': 'i-1', 'user.email': 'ada@acme.example' };
const event = (at: number, name: string, fields = {}) => ({
  at,
  body: `${name} happened.`,
  attributes: { ...COMMON, 'event.name': `gemini_cli.${name}`, ...fields },
});

export const geminiCli: Payload = {
  logs: logs(RESOURCE, 'gemini-cli', [
    event(0, 'config', { model: 'gemini-2.5-pro', sandbox_enabled: false }),
    event(10, 'user_prompt', { prompt_length: 30, prompt_id: 'prompt-7' }),
    event(20, 'api_request', { model: 'gemini-2.5-pro', prompt_id: 'prompt-7' }),
    event(2500, 'api_response', {
      model: 'gemini-2.5-pro',
      status_code: 200,
      duration_ms: 2400,
      input_token_count: 5000,
      output_token_count: 200,
      cached_content_token_count: 3000,
      thoughts_token_count: 600,
      tool_token_count: 0,
      total_token_count: 5800,
      prompt_id: 'prompt-7',
      finish_reasons: ['STOP'],
    }),
    event(2600, 'tool_call', {
      ...{ function_name: 'replace', duration_ms: 45, success: true, decision: 'auto_accept' },
      ...{ tool_type: 'native', prompt_id: 'prompt-7' },
    }),
    event(2700, 'api_error', {
      model: 'gemini-2.5-pro',
      error: 'quota exceeded',
      error_type: 'ApiError',
      status_code: 429,
      duration_ms: 80,
      prompt_id: 'prompt-8',
    }),
    {
      at: 2800,
      attributes: {
        ...COMMON,
        'event.name': 'gen_ai.client.inference.operation.details',
        'gen_ai.request.model': 'gemini-2.5-pro',
      },
    },
  ]),
  metrics: metrics(RESOURCE, 'gemini-cli', [
    { metric: 'gemini_cli.session.count', value: 1, attributes: COMMON, temporality: 2 },
    {
      metric: 'gemini_cli.lines.changed',
      value: 25,
      attributes: { ...COMMON, type: 'added', function_name: 'replace' },
      temporality: 2,
    },
    { metric: 'gemini_cli.token.usage', value: 5000, attributes: COMMON, temporality: 2 },
    { metric: 'gemini_cli.ui.flicker.count', value: 1, attributes: COMMON, temporality: 2 },
  ]),
  traces: traces(RESOURCE, 'gemini-cli', [
    { name: 'llm_call', id: 1, at: [20, 2500], attributes: { 'gen_ai.operation.name': 'llm_call' } },
  ]),
};

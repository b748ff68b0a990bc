import { logs, type Payload, traces } from '../support/telemetry.ts';

/**
 * Names and types according to codex-rs/otel/src of openai/codex: values that Rust displays are
 * sent as text.
 */
const RESOURCE = { 'service.name': 'codex_cli_rs', 'service.version': '0.98.0', env: 'dev' };
const COMMON = {
  'conversation.id': 'conversation-1',
  'app.version': '0.98.0',
  auth_mode: 'Chatgpt',
  originator: 'codex_cli_rs',
  'user.account_id': 'account-1',
  'user.email': 'ada@acme.example',
  'terminal.type': 'xterm',
  model: 'gpt-5-codex',
  slug: 'gpt-5-codex',
};
const event = (at: number, name: string, fields = {}) => ({
  at,
  attributes: { ...COMMON, 'event.name': `codex.${name}`, ...fields },
});

export const codex: Payload = {
  logs: logs(RESOURCE, 'codex_otel.log_only', [
    event(0, 'conversation_starts', { provider_name: 'OpenAI', approval_policy: 'on-request' }),
    event(100, 'user_prompt', { prompt_length: '20', prompt: '[REDACTED]' }),
    event(60, 'api_request', { endpoint: '/models', duration_ms: '50', 'http.response.status_code': 503 }),
    event(900, 'api_request', {
      ...{ endpoint: '/responses', duration_ms: '780', 'http.response.status_code': 200, attempt: 0 },
    }),
    event(950, 'sse_event', { 'event.kind': 'response.created', duration_ms: '10' }),
    event(4000, 'sse_event', {
      'event.kind': 'response.completed',
      input_token_count: '9000',
      output_token_count: '700',
      cached_token_count: 4000,
      cache_write_token_count: 1000,
      ttft_ms: 950,
      reasoning_token_count: 512,
      tool_token_count: '9700',
    }),
    event(4100, 'tool_decision', {
      tool_name: 'shell',
      call_id: 'call_1',
      decision: 'approvedforsession',
      source: 'User',
    }),
    event(4200, 'tool_decision', {
      ...{ tool_name: 'shell', call_id: 'call_2', decision: 'timedout', source: 'AutomatedReviewer' },
    }),
    event(5000, 'tool_result', {
      ...{ tool_name: 'shell', call_id: 'call_1', duration_ms: '830', success: 'true', output: 'ok' },
      mcp_server: '',
    }),
    event(6000, 'api_request', {
      duration_ms: '65',
      'http.response.status_code': 429,
      'error.message': 'Too Many Requests',
      attempt: 1,
    }),
    // Its request came in an earlier batch, so its latency is unknown.
    event(9000, 'sse_event', {
      'event.kind': 'response.completed',
      input_token_count: '100',
      output_token_count: '10',
      tool_token_count: '110',
    }),
  ]),
  traces: traces({ ...RESOURCE, 'service.name': 'codex-tui' }, 'codex_otel', [
    { name: 'run_turn', id: 1, at: [0, 9000], attributes: { 'gen_ai.operation.name': 'chat' } },
  ]),
};

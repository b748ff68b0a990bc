import { logs, metrics, type Payload, traces } from '../support/telemetry.ts';

/**
 * Names and types according to the page "Monitoring" of its documentation; numbers of events are
 * sent as text.
 */
const RESOURCE = {
  'service.name': 'claude-code',
  'service.version': '2.1.266',
  'os.type': 'linux',
  'host.arch': 'amd64',
  'team.id': 'platform',
  cost_center: 'eng-123',
  repo: 'acme/shop',
  branch: 'main',
  'agent.id': 'builder',
  'task.id': 'TASK-42',
};
const EVENTS = 'com.anthropic.claude_code.events';
const COMMON = {
  'session.id': 'cec62d6f-60f8-43e8-a67b-133b2a138a83',
  'organization.id': 'org-1',
  'user.id': 'f00d',
  'user.email': 'ada@acme.example',
  'terminal.type': 'vscode',
};
const event = (sequence: number, name: string, fields = {}) => ({
  at: sequence * 1000,
  body: `claude_code.${name}`,
  attributes: {
    ...COMMON,
    'event.name': name,
    'event.sequence': sequence,
    'prompt.id': 'prompt-1',
    ...fields,
  },
});
const CALL = {
  model: 'claude-sonnet-4-5-20250929',
  input_tokens: '12',
  output_tokens: '340',
  cache_read_tokens: '18000',
  cache_creation_tokens: '1500',
};

export const claudeCode: Payload = {
  logs: logs(RESOURCE, EVENTS, [
    event(1, 'user_prompt', { prompt_length: '57', prompt: '<REDACTED>' }),
    event(2, 'api_request', { ...CALL, cost_usd: '0.016161', duration_ms: '5210', request_id: 'req_1' }),
    // Without the id of the request, as through other clouds.
    event(3, 'api_request', { ...CALL, cache_read_tokens: '0', cost_usd: 0.01, duration_ms: 4000 }),
    event(4, 'tool_decision', {
      tool_name: 'Bash',
      tool_use_id: 'toolu_1',
      decision: 'accept',
      source: 'config',
    }),
    event(5, 'tool_result', {
      tool_name: 'Bash',
      tool_use_id: 'toolu_1',
      success: 'true',
      duration_ms: '830',
      decision_type: 'accept',
      decision_source: 'config',
    }),
    event(6, 'tool_result', {
      tool_name: 'mcp__github__search',
      tool_use_id: 'toolu_2',
      success: 'false',
      duration_ms: '90',
      error_type: 'timeout',
      decision_type: 'accept',
      decision_source: 'user_temporary',
    }),
    event(7, 'tool_decision', {
      tool_name: 'Edit',
      tool_use_id: 'toolu_3',
      decision: 'reject',
      source: 'user_reject',
    }),
    event(8, 'api_error', {
      model: 'claude-sonnet-4-5-20250929',
      error: 'Overloaded',
      request_id: 'req_9',
      status_code: '529',
      duration_ms: '12000',
      attempt: '10',
    }),
    event(9, 'compaction', { trigger: 'auto' }),
    event(10, 'mcp_server_connection', { status: 'connected' }),
  ]),
  metrics: metrics(RESOURCE, 'com.anthropic.claude_code', [
    { metric: 'claude_code.session.count', value: 1, attributes: COMMON },
    { metric: 'claude_code.lines_of_code.count', value: 40, attributes: { ...COMMON, type: 'added' } },
    { metric: 'claude_code.lines_of_code.count', value: 4, attributes: { ...COMMON, type: 'removed' } },
    { metric: 'claude_code.commit.count', value: 2, attributes: COMMON },
    { metric: 'claude_code.active_time.total', value: 12.5, attributes: { ...COMMON, type: 'cli' } },
    {
      metric: 'claude_code.code_edit_tool.decision',
      value: 3,
      attributes: { ...COMMON, decision: 'accept', tool_name: 'Edit' },
    },
    { metric: 'claude_code.cost.usage', value: 0.016161, attributes: { ...COMMON, model: CALL.model } },
    { metric: 'claude_code.token.usage', value: 340, attributes: { ...COMMON, type: 'output' } },
    { metric: 'claude_code.pull_request.count', value: 0, attributes: COMMON },
  ]),
  traces: traces(RESOURCE, 'com.anthropic.claude_code.tracing', [
    { name: 'claude_code.interaction', id: 1, at: [1000, 9000], attributes: COMMON },
    {
      name: 'claude_code.llm_request',
      ...{ id: 2, parent: 1, at: [1500, 6710] },
      attributes: {
        ...COMMON,
        ...CALL,
        'gen_ai.system': 'anthropic',
        'gen_ai.request.model': CALL.model,
        request_id: 'req_1',
        ttft_ms: 900,
        attempt: 1,
      },
    },
    {
      name: 'claude_code.tool',
      ...{ id: 3, parent: 1, at: [6800, 7630] },
      attributes: { ...COMMON, tool_name: 'Bash', tool_use_id: 'toolu_1' },
    },
  ]),
};

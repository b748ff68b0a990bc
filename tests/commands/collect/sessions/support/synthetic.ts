/** Invented lines in the formats of Claude Code and Codex. */

export type Line = Record<string, unknown>;

/** A secret that no event may contain, unless it was requested. */
export const SECRET_TEXT = 'the plan to rewrite billing';

export const at = (second: number): string => new Date(Date.UTC(2026, 4, 4, 10, 0, second)).toISOString();

const CLAUDE = {
  isSidechain: false,
  userType: 'external',
  cwd: '/gone/shop',
  sessionId: 'session-1',
  version: '2.1.90',
  gitBranch: 'main',
};

export interface Answer {
  readonly id: string;
  readonly second: number;
  /** Parts of the answer, each on its own line. */
  readonly parts?: readonly Line[];
  readonly usage?: Line;
  readonly stop?: string | null;
  readonly more?: Line;
}

/** Lines of Claude Code. */
export const claude = {
  prompt: (second: number, text = SECRET_TEXT, more: Line = {}): Line => ({
    ...CLAUDE,
    type: 'user',
    uuid: `user-${second}`,
    promptId: `prompt-${second}`,
    timestamp: at(second),
    message: { role: 'user', content: text },
    ...more,
  }),
  /**
   * An answer of several lines. Each repeats the usage; only the last ones have all output tokens.
   */
  answer({ id, second, parts, usage, stop = 'end_turn', more }: Answer): Line[] {
    const contents = parts ?? [{ type: 'text', text: SECRET_TEXT }];
    return contents.map((part, index) => {
      const isLast = index === contents.length - 1;
      const message = {
        ...{ id: `msg_${id}`, type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' },
        content: [part],
        stop_reason: isLast ? stop : null,
        usage: {
          ...{ input_tokens: 10, cache_read_input_tokens: 2_000, cache_creation_input_tokens: 300 },
          cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
          output_tokens: isLast ? 150 : 3,
          service_tier: 'standard',
          ...usage,
        },
      };
      const line = {
        type: 'assistant',
        uuid: `${id}-${index}`,
        requestId: `req_${id}`,
        timestamp: at(second + index),
      };
      return { ...CLAUDE, ...line, message, ...more };
    });
  },
  use: (id: string, name: string): Line => ({ type: 'tool_use', id, name, input: { command: SECRET_TEXT } }),
  result: (second: number, id: string, more: Line = {}, part: Line = {}): Line => ({
    ...CLAUDE,
    type: 'user',
    uuid: `result-${id}`,
    timestamp: at(second),
    message: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: SECRET_TEXT, ...part }],
    },
    ...more,
  }),
  system: (second: number, subtype: string, more: Line = {}): Line => ({
    ...CLAUDE,
    type: 'system',
    subtype,
    uuid: `system-${second}`,
    timestamp: at(second),
    ...more,
  }),
  failure: (second: number, more: Line = {}): Line => ({
    ...CLAUDE,
    type: 'assistant',
    uuid: `failure-${second}`,
    timestamp: at(second),
    isApiErrorMessage: true,
    error: 'rate_limit',
    apiErrorStatus: 429,
    message: {
      id: `error-${second}`,
      model: '<synthetic>',
      content: [{ type: 'text', text: 'API Error: 429 Too many requests' }],
      usage: { input_tokens: 0, output_tokens: 0 },
    },
    ...more,
  }),
};

const line = (second: number, type: string, payload: Line): Line => ({
  timestamp: at(second),
  type,
  payload,
});

export interface Tokens {
  readonly input: number;
  readonly cached?: number;
  readonly output: number;
  readonly reasoning?: number;
}

/** Lines of Codex. */
export const codex = {
  meta: (second: number, id: string, more: Line = {}): Line =>
    line(second, 'session_meta', {
      id,
      timestamp: at(second),
      cwd: '/gone/shop',
      originator: 'codex_cli_rs',
      cli_version: '0.145.0',
      source: 'cli',
      model_provider: 'openai',
      git: { commit_hash: 'abc', branch: 'feature', repository_url: 'git@git.example.com:acme/shop.git' },
      ...more,
    }),
  turn: (second: number, model = 'gpt-5', turn = `turn-${second}`): Line =>
    line(second, 'turn_context', { turn_id: turn, cwd: '/gone/shop', model, effort: 'high' }),
  event: (second: number, type: string, more: Line = {}): Line =>
    line(second, 'event_msg', { type, ...more }),
  item: (second: number, type: string, more: Line): Line => line(second, 'response_item', { type, ...more }),
  call: (second: number, id: string, name: string, more: Line = {}): Line =>
    codex.item(second, 'function_call', {
      name,
      call_id: id,
      arguments: JSON.stringify({ cmd: SECRET_TEXT }),
      ...more,
    }),
  output: (second: number, id: string, output: unknown): Line =>
    codex.item(second, 'function_call_output', { call_id: id, output }),
  tokens(second: number, { input, cached = 0, output, reasoning = 0 }: Tokens, total: number): Line {
    const usage = {
      ...{ input_tokens: input, cached_input_tokens: cached, output_tokens: output },
      ...{ reasoning_output_tokens: reasoning, total_tokens: input + output },
    };
    const info = { last_token_usage: usage, total_token_usage: { ...usage, total_tokens: total } };
    return codex.event(second, 'token_count', { info, rate_limits: {} });
  },
};

export const text = (lines: readonly unknown[]): string =>
  lines.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

import { codexIds } from '../../../../core/coding-agents.ts';
import { known, numberAt, objectAt, tokensAt } from '../values.ts';
import { type CodexReading, originOf, type Timed, workspaceOf } from './state.ts';

/** Reads the tokens of a response, and records them as a call. */
export function readTokens(reading: CodexReading, { payload, at }: Timed): void {
  const { state, findings } = reading;
  const info = objectAt(payload, 'info');
  const last = objectAt(info, 'last_token_usage');
  const total = numberAt(objectAt(info, 'total_token_usage'), 'total_tokens');
  // Without tokens, the line is about limits only.
  const isRepeated = total !== undefined && total === state.lastTotal;
  const tokens = {
    input: tokensAt(last, 'input_tokens'),
    cached: tokensAt(last, 'cached_input_tokens'),
    output: tokensAt(last, 'output_tokens'),
    reasoning: tokensAt(last, 'reasoning_output_tokens'),
  };
  if (isRepeated || tokens.input + tokens.output === 0) return;
  state.lastTotal = total;
  const { session, model, toolCalls } = state;
  state.toolCalls = 0;
  if (session === null || state.copying) return;
  if (model === undefined) {
    findings.problem('tokens of an unnamed model');
    return;
  }
  const event = {
    ...originOf(reading),
    id: codexIds.call(session.id, tokens),
    timestamp: new Date(at).toISOString(),
    provider: session.provider,
    model,
    origin: session.originator,
    release: session.version,
    streaming: true,
    promptTokens: tokens.input,
    cachedPromptTokens: Math.min(tokens.cached, tokens.input),
    cacheWritePromptTokens: numberAt(last, 'cache_write_input_tokens'),
    completionTokens: tokens.output,
    reasoningTokens: Math.min(tokens.reasoning, tokens.output),
    toolCallCount: toolCalls,
  };
  findings.event('llmCalls', known(event), workspaceOf(state));
}

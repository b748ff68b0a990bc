import { claudeCodeIds } from '../../../../core/coding-agents.ts';
import { byName, namesOf } from '../../../../core/named.ts';
import type { Findings, Line } from '../session-log.ts';
import { known, numberAt, objectAt, objectsAt, textAt, tokensAt } from '../values.ts';
import { bound, type ClaudeCodeReading, type PendingAnswer, type TimedLine, TOKEN_COUNTS } from './state.ts';

/** Answers of subagents may be written between the lines of an answer. */
const MAX_ANSWERS = 16;
/** Calls of tools without a result come from sessions that were ended. */
const MAX_TOOLS = 500;
/** Claude Code gives this model for messages that it writes itself. */
const NO_MODEL = '<synthetic>';
const TIERS: Readonly<Record<string, string>> = {
  standard: 'STANDARD',
  batch: 'BATCH',
  priority: 'PRIORITY',
};

/**
 * Reads a line with a part of an answer. The answer is complete once other answers come after it.
 */
export function readAnswer({ state, findings }: ClaudeCodeReading, { line, at, origin }: TimedLine): void {
  const message = objectAt(line, 'message');
  const tools = objectsAt(message, 'content').filter(({ type }) => type === 'tool_use');
  for (const tool of tools) {
    const [id, name] = [textAt(tool, 'id'), textAt(tool, 'name')];
    if (id !== undefined && name !== undefined) state.tools[id] = { name, at };
  }
  bound(state.tools, MAX_TOOLS);
  const [id, model] = [textAt(message, 'id'), textAt(message, 'model')];
  if (model === NO_MODEL) return;
  if (id === undefined || model === undefined || message['usage'] === undefined) {
    findings.problem('an answer without id, model or usage');
    return;
  }
  const before = state.answers[id];
  const usage = objectAt(message, 'usage');
  // Moves the answer to the end, because it has just changed.
  delete state.answers[id];
  state.answers[id] = {
    origin: before?.origin ?? origin,
    call: textAt(line, 'requestId') ?? before?.call ?? id,
    model,
    serviceTier: TIERS[textAt(usage, 'service_tier') ?? ''],
    cost: numberAt(line, 'costUSD'),
    tokens: largest(before?.tokens, tokensOf(usage)),
    finishReason: textAt(message, 'stop_reason') ?? before?.finishReason,
    tools: [...new Set([...(before?.tools ?? []), ...tools.map((tool) => textAt(tool, 'id') ?? '')])],
    at,
  };
  for (const answer of bound(state.answers, MAX_ANSWERS)) recordAnswer(answer, findings);
}

function tokensOf(usage: Line): PendingAnswer['tokens'] {
  const [input, read, written, output] = TOKEN_COUNTS;
  return {
    [input]: tokensAt(usage, input),
    [read]: tokensAt(usage, read),
    [written]: tokensAt(usage, written),
    [output]: tokensAt(usage, output),
    thinking_tokens: tokensAt(objectAt(usage, 'output_tokens_details'), 'thinking_tokens'),
    ephemeral_1h_input_tokens: tokensAt(objectAt(usage, 'cache_creation'), 'ephemeral_1h_input_tokens'),
  };
}

function largest(one: PendingAnswer['tokens'] | undefined, other: PendingAnswer['tokens']) {
  if (one === undefined) return other;
  return byName(namesOf(other), (name) => Math.max(one[name], other[name]));
}

/** Records an answer as a call. Claude Code's input tokens exclude both kinds of cached ones. */
export function recordAnswer(answer: PendingAnswer, findings: Findings): void {
  const { origin, tokens } = answer;
  const read = tokens.cache_read_input_tokens;
  const written = tokens.cache_creation_input_tokens;
  const hourly = tokens.ephemeral_1h_input_tokens;
  const event = known({
    id: claudeCodeIds.call(answer.call),
    timestamp: new Date(answer.at).toISOString(),
    provider: 'anthropic',
    model: answer.model,
    origin: 'claude-code',
    streaming: true,
    sessionId: origin.sessionId,
    agentId: origin.agentId,
    requestId: origin.requestId,
    release: origin.version,
    finishReason: answer.finishReason,
    serviceTier: answer.serviceTier,
    cost: answer.cost,
    promptTokens: tokens.input_tokens + read + written,
    cachedPromptTokens: read,
    cacheWritePromptTokens: written,
    completionTokens: tokens.output_tokens,
    reasoningTokens: tokens.thinking_tokens > 0 ? tokens.thinking_tokens : undefined,
    toolCallCount: answer.tools.length,
    attributes: known({ subagent: origin.subagent, cacheWrite1hTokens: hourly > 0 ? hourly : undefined }),
  });
  findings.event('llmCalls', event, origin.workspace);
}

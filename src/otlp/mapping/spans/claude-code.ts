import { claudeCodeIds } from '../../../core/coding-agents.ts';
import { type Span, STATUS_ERROR } from '../../protocol/telemetry.ts';
import { asFailureStatus, asInteger, asNumber, asText, compileNames, firstText } from '../attributes.ts';
import { agentOf, sessionOf } from '../coding-agents.ts';
import type { MappedEvent } from '../mapped.ts';
import type { Sender } from '../sender.ts';
import { tokensOf } from '../tokens.ts';
import { failureOf } from './failure.ts';
import { durationOf } from './model-call.ts';

/** The prefix of the spans of Claude Code, which are in beta. */
const PREFIX = 'claude_code.';
/** `claude_code.interaction` and `claude_code.tool` surround it. */
const MODEL_CALL = 'claude_code.llm_request';

export const isOfClaudeCode = ({ name }: Span): boolean => name.startsWith(PREFIX);

const readCall = compileNames({
  model: ['model', 'gen_ai.request.model'],
  requestId: ['request_id', 'gen_ai.response.id'],
  input: ['input_tokens'],
  output: ['output_tokens'],
  cacheRead: ['cache_read_tokens'],
  cacheWritten: ['cache_creation_tokens'],
  firstTokenMs: ['ttft_ms'],
  stopReason: ['stop_reason'],
  statusCode: ['status_code', 'http.response.status_code'],
  error: ['error'],
});

/**
 * Adds the model call of a span. The same call also arrives as an event with the same id; whichever
 * arrives first is stored.
 */
export function addClaudeSpan(span: Span, sender: Sender): void {
  if (span.name === MODEL_CALL) addCall(span, sender);
  // The event with the tool's result says whether it succeeded, which its spans do not.
  else sender.ignore('COUNTED_ELSEWHERE', span.name);
}

function addCall(span: Span, sender: Sender): void {
  const found = readCall(span.attributes);
  const requestId = asText(found.requestId);
  const model = asText(found.model);
  if (requestId === undefined || model === undefined) {
    sender.ignore(requestId === undefined ? 'NO_ID' : 'NO_MODEL', span.name);
    return;
  }
  const input = asInteger(found.input) ?? 0;
  const cacheRead = asInteger(found.cacheRead);
  const cacheWritten = asInteger(found.cacheWritten);
  sender.add('llmCalls', {
    ...sender.common,
    id: claudeCodeIds.call(requestId),
    timestamp: new Date(span.startMs),
    requestId: firstText(span.attributes, 'prompt.id') ?? span.traceId,
    provider: 'anthropic',
    model,
    origin: sender.name,
    ...tokensOf({
      prompt: input + (cacheRead ?? 0) + (cacheWritten ?? 0),
      completion: asInteger(found.output),
      ...{ cacheRead, cacheWritten, reasoning: undefined },
    }),
    latencyMs: durationOf(span),
    timeToFirstTokenMs: asNumber(found.firstTokenMs),
    finishReason: asText(found.stopReason),
    agentId: agentOf(span.attributes, sender),
    sessionId: sessionOf(span.attributes),
    endUser: firstText(span.attributes, 'user.email', 'user.id'),
    taskId: sender.taskId,
    release: sender.release,
    ...(span.statusCode === STATUS_ERROR && failureFields(span, found)),
  });
}

function failureFields(span: Span, { error, statusCode }: ReturnType<typeof readCall>): MappedEvent {
  const { errorType, errorMessage } = failureOf(span);
  return {
    success: false,
    statusCode: asFailureStatus(statusCode),
    errorType,
    errorMessage: errorMessage ?? asText(error),
  };
}

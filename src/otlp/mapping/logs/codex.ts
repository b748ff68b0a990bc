import { codexIds } from '../../../core/coding-agents.ts';
import { asFailureStatus, asStatus, firstText, integerOf, numberOf } from '../attributes.ts';
import {
  type AgentEvent,
  addActivity,
  addAgentCall,
  addError,
  addToolUse,
  addUsage,
  agentFields,
  decisionOf,
  succeeded,
} from '../coding-agents.ts';
import { tokensOf } from '../tokens.ts';

const COMPLETED = 'response.completed';
const FIRST_FAILURE_STATUS = 400;

/** What events say about later ones, within one request of the sender. */
export interface CodexMemory {
  /** When the last request of each conversation began, in epoch milliseconds. */
  readonly begun: Map<string, number>;
  /** The decisions about whether a tool may run, by the id of the tool use. */
  readonly decisions: Map<string, string>;
}

export const createCodexMemory = (): CodexMemory => ({ begun: new Map(), decisions: new Map() });

/**
 * What the events of Codex become (openai/codex, codex-rs/otel). The event with the tokens has no
 * latency. It is measured from the beginning of the request before it if both arrived together;
 * otherwise it is unknown. The event of the request has the time until the answer began.
 */
export const createCodexEvents = (
  memory: CodexMemory,
): Readonly<Record<string, (event: AgentEvent) => void>> => ({
  api_request: (event) => noteRequest(event, memory),
  websocket_request: (event) => noteRequest(event, memory),
  sse_event: (event) => addStreamed(event, memory),
  websocket_event: (event) => addStreamed(event, memory),
  tool_result: (event) => addResult(event, memory),
  tool_decision: (event) => noteDecision(event, memory),
  conversation_starts(event) {
    addActivity(event, 'session', `A conversation began with ${modelOf(event) ?? 'an unknown model'}`);
    addUsage(event, 'SESSIONS');
  },
  user_prompt(event) {
    const length = firstText(event.attributes, 'prompt_length') ?? 'an unknown number of';
    addActivity(event, 'prompt', `Asked with ${length} characters`);
    addUsage(event, 'PROMPTS');
  },
});

const modelOf = ({ attributes }: AgentEvent) => firstText(attributes, 'model', 'slug');

const callFields = (event: AgentEvent) => ({
  ...agentFields(event),
  id: event.sender.idAt('llmCalls', event.timeMs, event.key),
  requestId: event.record.traceId || undefined,
  provider: firstText(event.attributes, 'provider_name')?.toLowerCase() ?? 'openai',
  model: modelOf(event),
  origin: event.sender.name,
  endUser: firstText(event.attributes, 'user.email', 'user.account_id'),
  taskId: event.sender.taskId,
  release: event.sender.release ?? firstText(event.attributes, 'app.version'),
});

/** Codex also tells of requests for the list of models, and others that are no model calls. */
const CALLED = /^(?:unknown$|\/responses|\/chat\/completions)/;

function noteRequest(event: AgentEvent, { begun }: CodexMemory): void {
  const { attributes, sender, sessionId, timeMs } = event;
  if (!CALLED.test(firstText(attributes, 'endpoint') ?? 'unknown')) {
    sender.ignore('OTHER_LOG', event.name);
    return;
  }
  const latencyMs = numberOf(attributes, 'duration_ms');
  const statusCode = asStatus(attributes.get('http.response.status_code'));
  const message = firstText(attributes, 'error.message');
  if (message !== undefined || (statusCode ?? 0) >= FIRST_FAILURE_STATUS) {
    addFailedCall(event, { latencyMs, statusCode, message });
    return;
  }
  if (latencyMs !== undefined) begun.set(sessionId ?? '', timeMs - latencyMs);
  sender.ignore('COUNTED_ELSEWHERE', event.name);
}

function addStreamed(event: AgentEvent, memory: CodexMemory): void {
  const { attributes, sender } = event;
  const message = firstText(attributes, 'error.message');
  if (message !== undefined) addFailedCall(event, { message });
  else if (firstText(attributes, 'event.kind') === COMPLETED && attributes.has('input_token_count'))
    addCompleted(event, memory);
  else sender.ignore('COUNTED_ELSEWHERE', event.name);
}

function addCompleted(event: AgentEvent, { begun }: CodexMemory): void {
  const { attributes, sessionId = '', timeMs } = event;
  const beganAt = begun.get(sessionId);
  begun.delete(sessionId);
  const tokens = {
    prompt: integerOf(attributes, 'input_token_count'),
    completion: integerOf(attributes, 'output_token_count'),
    cacheRead: integerOf(attributes, 'cached_token_count'),
    reasoning: integerOf(attributes, 'reasoning_token_count'),
  };
  // The files of Codex identify the same response by the same counts.
  const id = codexIds.call(sessionId, {
    input: tokens.prompt ?? 0,
    cached: tokens.cacheRead ?? 0,
    output: tokens.completion ?? 0,
    reasoning: tokens.reasoning ?? 0,
  });
  addAgentCall(event, {
    ...callFields(event),
    ...(sessionId !== '' && { id }),
    latencyMs: beganAt === undefined ? undefined : Math.max(0, timeMs - beganAt),
    timeToFirstTokenMs: numberOf(attributes, 'ttft_ms'),
    streaming: true,
    // 0 also where the provider says nothing of it.
    ...tokensOf({ ...tokens, cacheWritten: integerOf(attributes, 'cache_write_token_count') || undefined }),
  });
}

interface FailedCall {
  readonly latencyMs?: number | undefined;
  readonly statusCode?: number | undefined;
  readonly message: string | undefined;
}

function addFailedCall(event: AgentEvent, { latencyMs, statusCode, message }: FailedCall): void {
  const { attributes } = event;
  const fields = callFields(event);
  const errorType =
    firstText(attributes, 'auth.error_code') ??
    (statusCode === undefined ? 'api_error' : `HTTP ${statusCode}`);
  addError(event, { errorType, errorMessage: message ?? '', requestId: fields.requestId });
  addAgentCall(event, {
    ...fields,
    ...{
      latencyMs,
      statusCode: asFailureStatus(statusCode),
      success: false,
      errorType,
      errorMessage: message,
    },
  });
}

const useOf = ({ attributes }: AgentEvent): string => firstText(attributes, 'call_id') ?? '';

const toolOf = ({ attributes, record, sessionId = '' }: AgentEvent) => ({
  tool: firstText(attributes, 'tool_name'),
  id: attributes.has('call_id') ? codexIds.tool(sessionId, String(attributes.get('call_id'))) : undefined,
  mcpServer: firstText(attributes, 'mcp_server'),
  decision: decisionOf(firstText(attributes, 'decision'), firstText(attributes, 'source')),
  requestId: record.traceId || undefined,
});

function addResult(event: AgentEvent, { decisions }: CodexMemory): void {
  const success = succeeded(event.attributes);
  const tool = toolOf(event);
  addToolUse(event, {
    ...tool,
    decision: tool.decision ?? decisions.get(useOf(event)),
    success,
    durationMs: numberOf(event.attributes, 'duration_ms'),
    errorType: success ? undefined : 'error',
  });
}

/** A tool that was accepted has a result; a rejected one has none. */
function noteDecision(event: AgentEvent, { decisions }: CodexMemory): void {
  const tool = toolOf(event);
  if (tool.decision === 'REJECTED') {
    addToolUse(event, { ...tool, success: false, durationMs: undefined, errorType: 'rejected' });
    return;
  }
  if (useOf(event) !== '' && tool.decision !== undefined) decisions.set(useOf(event), tool.decision);
  event.sender.ignore('COUNTED_ELSEWHERE', event.name);
}

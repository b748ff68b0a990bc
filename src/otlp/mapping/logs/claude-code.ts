import { claudeCodeIds, mcpServerOf } from '../../../core/coding-agents.ts';
import { asFailureStatus, firstText, integerOf, numberOf } from '../attributes.ts';
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

/** What the events of Claude Code become (its documentation, "Monitoring"). */
export const CLAUDE_EVENTS: Readonly<Record<string, (event: AgentEvent) => void>> = {
  api_request: addCall,
  api_error: addFailedCall,
  // Follows the last `api_error` of the request.
  api_retries_exhausted: (event) => addErrorOf(event),
  tool_result: addResult,
  tool_decision: addRejection,
  user_prompt(event) {
    const length = firstText(event.attributes, 'prompt_length') ?? 'an unknown number of';
    addActivity(event, 'prompt', `Asked with ${length} characters`);
    addPrompt(event);
  },
  subagent_completed(event) {
    const kind = firstText(event.attributes, 'agent_type', 'subagent_type', 'agent.name') ?? 'of no name';
    addActivity(event, 'subagent', `The subagent ${kind} has completed its work`);
  },
  compaction(event) {
    const trigger = firstText(event.attributes, 'trigger');
    addActivity(event, 'compaction', `The conversation was compacted${trigger ? ` (${trigger})` : ''}`);
    addUsage(event, 'COMPACTIONS');
  },
};

const promptOf = ({ attributes, record }: AgentEvent): string | undefined =>
  firstText(attributes, 'prompt.id') ?? (record.traceId || undefined);

/** The id that makes a call unique, whether it arrives as an event or as a span. */
function callId(event: AgentEvent): string {
  const { sender, attributes, timeMs, key } = event;
  const requestId = firstText(attributes, 'request_id');
  return requestId === undefined ? sender.idAt('llmCalls', timeMs, key) : claudeCodeIds.call(requestId);
}

const callFields = (event: AgentEvent) => ({
  ...agentFields(event),
  id: callId(event),
  requestId: promptOf(event),
  provider: 'anthropic',
  model: firstText(event.attributes, 'model'),
  origin: event.sender.name,
  latencyMs: numberOf(event.attributes, 'duration_ms'),
  endUser: firstText(event.attributes, 'user.email', 'user.id'),
  taskId: event.sender.taskId,
  release: event.sender.release ?? firstText(event.attributes, 'app.version'),
});

/** The files of Claude Code use the same ids for prompts. */
function addPrompt(event: AgentEvent): void {
  const promptId = firstText(event.attributes, 'prompt.id');
  if (promptId === undefined) addUsage(event, 'PROMPTS');
  else {
    const id = claudeCodeIds.prompt(promptId);
    event.sender.add('agentUsage', { ...agentFields(event), id, kind: 'PROMPTS', amount: 1 });
  }
}

/** `input_tokens` excludes cached tokens, so they are added. */
function addCall(event: AgentEvent): void {
  const { attributes } = event;
  const cacheRead = integerOf(attributes, 'cache_read_tokens');
  const cacheWritten = integerOf(attributes, 'cache_creation_tokens');
  const input = integerOf(attributes, 'input_tokens') ?? 0;
  const fields = callFields(event);
  addAgentCall(event, {
    ...fields,
    ...tokensOf({
      prompt: input + (cacheRead ?? 0) + (cacheWritten ?? 0),
      completion: integerOf(attributes, 'output_tokens'),
      ...{ cacheRead, cacheWritten, reasoning: undefined },
    }),
    cost: numberOf(attributes, 'cost_usd'),
  });
}

function addFailedCall(event: AgentEvent): void {
  const { attributes } = event;
  const fields = callFields(event);
  addErrorOf(event);
  addAgentCall(event, {
    ...fields,
    success: false,
    statusCode: asFailureStatus(attributes.get('status_code')),
    errorType: errorTypeOf(event),
    errorMessage: firstText(attributes, 'error'),
  });
}

const errorTypeOf = ({ attributes }: AgentEvent): string => {
  const status = firstText(attributes, 'status_code');
  return firstText(attributes, 'error_type', 'error.type') ?? (status ? `HTTP ${status}` : 'api_error');
};

/**
 * Only `api_error` is the failure that the files contain, too; what follows it is a different
 * event.
 */
function addErrorOf(event: AgentEvent): void {
  const { name, attributes, sender, timeMs, sessionId } = event;
  const requestId = name === 'api_error' ? firstText(attributes, 'request_id') : undefined;
  const error = {
    errorType: name === 'api_error' ? errorTypeOf(event) : name,
    errorMessage: firstText(attributes, 'error', 'error.message') ?? '',
    requestId: promptOf(event),
  };
  if (requestId === undefined) addError(event, error);
  else {
    const [id, timestamp] = [claudeCodeIds.error(requestId), new Date(timeMs)];
    sender.add('errorLogs', { ...sender.common, ...error, id, timestamp, sessionId });
  }
}

function toolOf({ attributes }: AgentEvent) {
  const tool = firstText(attributes, 'tool_name');
  const useId = firstText(attributes, 'tool_use_id');
  return {
    tool,
    id: useId === undefined ? undefined : claudeCodeIds.tool(useId),
    mcpServer: firstText(attributes, 'mcp_server_name') ?? mcpServerOf(tool ?? ''),
    decision: decisionOf(
      firstText(attributes, 'decision_type', 'decision'),
      firstText(attributes, 'decision_source', 'source'),
    ),
  };
}

function addResult(event: AgentEvent): void {
  const { attributes } = event;
  const success = succeeded(attributes);
  const tool = toolOf(event);
  addToolUse(event, {
    ...tool,
    success,
    durationMs: numberOf(attributes, 'duration_ms'),
    errorType: success ? undefined : (firstText(attributes, 'error_type') ?? 'error'),
    requestId: promptOf(event),
  });
}

/** A tool that was accepted has a result; a rejected one has none. */
function addRejection(event: AgentEvent): void {
  const tool = toolOf(event);
  if (tool.decision === 'REJECTED') {
    addToolUse(event, {
      ...tool,
      ...{ success: false, durationMs: undefined, errorType: 'rejected', requestId: promptOf(event) },
    });
  } else event.sender.ignore('COUNTED_ELSEWHERE', event.name);
}

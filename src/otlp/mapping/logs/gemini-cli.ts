import { asFailureStatus, asStatus, asText, firstText, integerOf, numberOf } from '../attributes.ts';
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
import { firstReason } from '../spans/model-call.ts';
import { tokensOf } from '../tokens.ts';

/** What the events of Gemini CLI become (its docs/cli/telemetry.md). */
export const GEMINI_EVENTS: Readonly<Record<string, (event: AgentEvent) => void>> = {
  api_response: addCall,
  api_error: addFailedCall,
  tool_call: addTool,
  // Its response follows.
  api_request: ({ name, sender }) => sender.ignore('COUNTED_ELSEWHERE', name),
  config(event) {
    const model = firstText(event.attributes, 'model') ?? 'an unknown model';
    addActivity(event, 'session', `A session began with ${model}`);
  },
  user_prompt(event) {
    const length = firstText(event.attributes, 'prompt_length') ?? 'an unknown number of';
    addActivity(event, 'prompt', `Asked with ${length} characters`);
    addUsage(event, 'PROMPTS');
  },
  chat_compression(event) {
    addActivity(event, 'compaction', 'The conversation was compacted');
    addUsage(event, 'COMPACTIONS');
  },
};

const callFields = (event: AgentEvent) => ({
  ...agentFields(event),
  id: event.sender.idAt('llmCalls', event.timeMs, event.key),
  requestId: firstText(event.attributes, 'prompt_id') ?? (event.record.traceId || undefined),
  provider: 'google',
  model: firstText(event.attributes, 'model'),
  origin: event.sender.name,
  latencyMs: numberOf(event.attributes, 'duration_ms'),
  endUser: firstText(event.attributes, 'user.email'),
  taskId: event.sender.taskId,
  release: event.sender.release,
});

/**
 * `output_token_count` excludes thoughts, and `input_token_count` excludes the results of tools.
 */
function addCall(event: AgentEvent): void {
  const { attributes } = event;
  const fields = callFields(event);
  const thoughts = integerOf(attributes, 'thoughts_token_count');
  addAgentCall(event, {
    ...fields,
    statusCode: asStatus(attributes.get('status_code')),
    finishReason: firstReason(attributes.get('finish_reasons')),
    ...tokensOf({
      prompt:
        (integerOf(attributes, 'input_token_count') ?? 0) + (integerOf(attributes, 'tool_token_count') ?? 0),
      completion: (integerOf(attributes, 'output_token_count') ?? 0) + (thoughts ?? 0),
      cacheRead: integerOf(attributes, 'cached_content_token_count'),
      cacheWritten: undefined,
      reasoning: thoughts,
    }),
  });
}

function addFailedCall(event: AgentEvent): void {
  const { attributes } = event;
  const fields = callFields(event);
  const errorType = firstText(attributes, 'error_type', 'error.type') ?? 'api_error';
  const errorMessage = firstText(attributes, 'error', 'error.message');
  addError(event, { errorType, errorMessage: errorMessage ?? '', requestId: fields.requestId });
  const statusCode = asFailureStatus(attributes.get('status_code'));
  addAgentCall(event, { ...fields, success: false, statusCode, errorType, errorMessage });
}

function addTool(event: AgentEvent): void {
  const { attributes } = event;
  const success = succeeded(attributes);
  const tool = asText(attributes.get('function_name'));
  addToolUse(event, {
    tool,
    id: undefined,
    mcpServer: firstText(attributes, 'mcp_server_name'),
    decision: decisionOf(firstText(attributes, 'decision'), undefined),
    success,
    durationMs: numberOf(attributes, 'duration_ms'),
    errorType: success ? undefined : (firstText(attributes, 'error_type') ?? 'error'),
    requestId: firstText(attributes, 'prompt_id'),
  });
}

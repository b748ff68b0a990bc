import { agentEventId, claudeCodeIds, mcpServerOf } from '../../../../core/coding-agents.ts';
import type { Findings, Line } from '../session-log.ts';
import { countLines, known, numberAt, objectAt, objectsAt, textAt, textsOf } from '../values.ts';
import {
  attributesOf,
  type ClaudeCodeReading,
  type Origin,
  type PendingTool,
  type TimedLine,
} from './state.ts';

/** Tools that edit files. */
const EDITORS = new Set(['Edit', 'MultiEdit', 'Write', 'NotebookEdit']);
/** How Claude Code says that a person rejected a tool. The words differ between its versions. */
const REJECTION = /^(User rejected tool use|The user doesn't want to proceed)/;

/**
 * Reads the results of tools in a line: one call for each, and the number of lines that it edited.
 */
export function readToolResults(
  { state, findings }: ClaudeCodeReading,
  { line, at, origin }: TimedLine,
): void {
  for (const part of objectsAt(objectAt(line, 'message'), 'content')) {
    const id = textAt(part, 'tool_use_id');
    if (part['type'] !== 'tool_result' || id === undefined) continue;
    const call = state.tools[id];
    delete state.tools[id];
    if (call === undefined) findings.problem('a tool result whose call is missing');
    else recordTool({ id, call, at, origin }, outcomeOf(line, part), findings);
  }
}

interface Outcome {
  readonly failure: 'rejected' | 'interrupted' | 'error' | null;
  /** As the tool itself measured it. */
  readonly durationMs: number | undefined;
  readonly added: number;
  readonly removed: number;
}

function outcomeOf(line: Line, part: Line): Outcome {
  const result = objectAt(line, 'toolUseResult');
  return {
    failure: failureOf(line, part),
    durationMs: numberAt(result, 'durationMs') ?? numberAt(result, 'totalDurationMs'),
    ...editedLines(result),
  };
}

function failureOf(line: Line, part: Line): Outcome['failure'] {
  const isError = part['is_error'] === true;
  const words = [line['toolUseResult'], textsOf(part['content'])];
  const isRejected = words.some((text) => typeof text === 'string' && REJECTION.test(text));
  if (line['toolDenialKind'] === 'user-rejected' || (isError && isRejected)) return 'rejected';
  if (objectAt(line, 'toolUseResult')['interrupted'] === true) return 'interrupted';
  return isError ? 'error' : null;
}

/** A new file has no patch: all of its lines are new. */
function editedLines(result: Line): { readonly added: number; readonly removed: number } {
  const patch = objectsAt(result, 'structuredPatch');
  const content = result['content'];
  if (patch.length === 0 && result['type'] === 'create' && typeof content === 'string') {
    return { added: content.split('\n').length - (content.endsWith('\n') ? 1 : 0), removed: 0 };
  }
  return countLines(patch.flatMap(({ lines }) => (Array.isArray(lines) ? lines : [])));
}

interface FinishedTool {
  readonly id: string;
  readonly call: PendingTool;
  readonly at: number;
  readonly origin: Origin;
}

function recordTool({ id, call, at, origin }: FinishedTool, outcome: Outcome, findings: Findings): void {
  const tool = call.name;
  const { failure } = outcome;
  const { sessionId, agentId, requestId, workspace } = origin;
  const event = {
    id: claudeCodeIds.tool(id),
    timestamp: new Date(at).toISOString(),
    sessionId,
    agentId,
    requestId,
    tool,
    mcpServer: mcpServerOf(tool),
    success: failure === null,
    decision: failure === 'rejected' ? 'REJECTED' : undefined,
    durationMs: failure === 'rejected' ? undefined : (outcome.durationMs ?? Math.max(0, at - call.at)),
    errorType: failure,
    attributes: attributesOf(origin),
  };
  findings.event('toolCalls', known(event), workspace);
  const amounts = {
    LINES_ADDED: outcome.added,
    LINES_REMOVED: outcome.removed,
    EDITS_REJECTED: failure === 'rejected' && EDITORS.has(tool) ? 1 : 0,
  };
  for (const [kind, amount] of Object.entries(amounts)) {
    if (amount > 0) recordUsage({ kind, amount, at, origin, key: id }, findings);
  }
}

export interface Usage {
  readonly kind: string;
  readonly amount: number;
  readonly at: number;
  readonly origin: Origin;
  /** What identifies the event among those of its kind. */
  readonly key: string;
  /** The id, if it is not derived from kind and key. */
  readonly id?: string;
}

export function recordUsage({ kind, amount, at, origin, key, id }: Usage, findings: Findings): void {
  const event = {
    id: id ?? agentEventId('agentUsage', 'claude-code', kind, key),
    timestamp: new Date(at).toISOString(),
    sessionId: origin.sessionId,
    agentId: origin.agentId,
    kind,
    amount,
    attributes: attributesOf(origin),
  };
  findings.event('agentUsage', known(event), origin.workspace);
}

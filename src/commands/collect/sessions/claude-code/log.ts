import { agentEventId, claudeCodeIds } from '../../../../core/coding-agents.ts';
import type { Line, SessionLog } from '../session-log.ts';
import { known, numberAt, objectAt, objectsAt, textAt, textsOf, timeOf } from '../values.ts';
import { readAnswer, recordAnswer } from './answers.ts';
import { recordFailure, recordRetry } from './errors.ts';
import {
  attributesOf,
  type ClaudeCodeReading,
  type ClaudeCodeState,
  keyOf,
  originOf,
  type TimedLine,
} from './state.ts';
import { readToolResults, recordUsage } from './tool-results.ts';

/**
 * An answer is complete when the file has been quiet for this long and the model has said why it
 * stopped.
 */
const QUIET_MS = 2_000;
/** An answer that was cut off never says why it stopped, so it is complete after this time. */
const GIVEN_UP_MS = 600_000;

/** Types of lines that say nothing about calls, tools, prompts or errors. */
const IGNORED = new Set([
  ...['summary', 'ai-title', 'custom-title', 'agent-name', 'agent-color', 'agent-setting', 'tag'],
  ...['progress', 'attachment', 'last-prompt', 'queue-operation', 'file-history-snapshot', 'pr-link'],
  ...[
    'mode',
    'permission-mode',
    'worktree-state',
    'task-summary',
    'speculation-accept',
    'content-replacement',
  ],
]);
/** Texts that Claude Code writes in the name of the user. */
const NO_PROMPT =
  /^\s*(<(local-command-|bash-|task-notification|user-prompt-submit-hook)|\[Request interrupted)/;

/**
 * The sessions of Claude Code: `projects/<folder>/<session>.jsonl`, and those of its subagents in
 * folders beside. The format of its lines is taken from files that people have published.
 */
export const claudeCodeLog: SessionLog<ClaudeCodeState> = {
  name: 'claude-code',
  title: 'Claude Code',
  homeVariable: 'CLAUDE_CONFIG_DIR',
  homes: ['.claude', '.config/claude'],
  folders: ['projects'],
  isSession: (file) => file.endsWith('.jsonl'),
  service: () => 'claude-code',
  begin: () => ({ hasBegun: false, answers: {}, tools: {} }),
  read(reading, line) {
    const { findings } = reading;
    const type = textAt(line, 'type');
    if (type !== undefined && IGNORED.has(type)) return;
    const read = READERS[type ?? ''];
    if (read === undefined) {
      findings.problem(type === undefined ? 'a line without a type' : `the unknown type "${type}"`);
      return;
    }
    const at = timeOf(line);
    if (at === null) {
      findings.problem('a line without a time');
      return;
    }
    read(reading, { line, at, origin: originOf(reading, line) });
  },
  settle({ state, findings }, quietMs) {
    for (const [id, answer] of Object.entries(state.answers)) {
      if (quietMs < (answer.finishReason === undefined ? GIVEN_UP_MS : QUIET_MS)) continue;
      delete state.answers[id];
      recordAnswer(answer, findings);
    }
    return Object.keys(state.answers).length > 0;
  },
};

type Reader = (reading: ClaudeCodeReading, timed: TimedLine) => void;

const READERS: Readonly<Record<string, Reader>> = {
  user(reading, timed) {
    const { state } = reading;
    state.prompt = textAt(timed.line, 'promptId') ?? state.prompt;
    beginSession(reading, timed);
    if (isPrompt(timed.line)) recordPrompt(reading, timed);
    else readToolResults(reading, timed);
  },
  assistant(reading, timed) {
    beginSession(reading, timed);
    if (timed.line['isApiErrorMessage'] === true) recordFailure(timed, reading.findings);
    else readAnswer(reading, timed);
  },
  system({ findings }, timed) {
    const { line, at, origin } = timed;
    const subtype = textAt(line, 'subtype');
    const key = keyOf(timed);
    const duration = numberAt(line, 'durationMs') ?? 0;
    if (subtype === 'compact_boundary')
      recordUsage({ kind: 'COMPACTIONS', amount: 1, at, origin, key }, findings);
    if (subtype === 'turn_duration' && duration > 0)
      recordUsage({ kind: 'ACTIVE_SECONDS', amount: duration / 1000, at, origin, key }, findings);
    if (subtype === 'api_error') recordRetry(timed, findings);
  },
};

function beginSession({ state, findings }: ClaudeCodeReading, { at, origin }: TimedLine): void {
  const { sessionId, agentId, workspace } = origin;
  // A subagent works in the session of another agent.
  if (state.hasBegun || sessionId === undefined || agentId.endsWith('/subagent')) return;
  state.hasBegun = true;
  recordUsage({ kind: 'SESSIONS', amount: 1, at, origin, key: sessionId }, findings);
  const event = {
    id: agentEventId('agentActivities', 'claude-code', 'session', sessionId),
    timestamp: new Date(at).toISOString(),
    sessionId,
    agentId,
    activityType: 'session',
    message: 'A session of Claude Code began.',
    attributes: attributesOf(origin),
  };
  findings.event('agentActivities', event, workspace);
}

/** Whether a person wrote the line. Results of tools are also lines of the user. */
function isPrompt(line: Line): boolean {
  if (line['isSidechain'] === true || line['isMeta'] === true || line['isCompactSummary'] === true)
    return false;
  const message = objectAt(line, 'message');
  const isResult = objectsAt(message, 'content').some(({ type }) => type === 'tool_result');
  return !isResult && !NO_PROMPT.test(textsOf(message['content']));
}

function recordPrompt({ findings, options }: ClaudeCodeReading, timed: TimedLine): void {
  const { line, at, origin } = timed;
  const key = textAt(line, 'promptId') ?? keyOf(timed);
  const id = claudeCodeIds.prompt(key);
  recordUsage({ kind: 'PROMPTS', amount: 1, at, origin, key, id }, findings);
  const message = textsOf(objectAt(line, 'message')['content']);
  if (!options.prompts || message === '') return;
  const event = {
    id: agentEventId('agentActivities', 'claude-code', 'prompt', key),
    timestamp: new Date(at).toISOString(),
    sessionId: origin.sessionId,
    agentId: origin.agentId,
    activityType: 'prompt',
    message,
    attributes: attributesOf(origin),
  };
  findings.event('agentActivities', known(event), origin.workspace);
}

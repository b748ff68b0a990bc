import { sep } from 'node:path';
import type { Findings, LogOptions, SessionLog } from '../session-log.ts';
import { objectAt, textAt, timeOf } from '../values.ts';
import { EVENTS, type Reader, recordActivity, recordUsage, type Timed } from './events.ts';
import { type CodexState, readSession } from './state.ts';
import { readToolCall, readToolResult, readWebSearch } from './tools.ts';

/** Codex writes a copied history at once. The first answer of a model takes longer than this. */
const COPY_GAP_MS = 1_000;

/**
 * The sessions of Codex: `sessions/YYYY/MM/DD/rollout-….jsonl`. What its lines look like was looked up
 * in its source (openai/codex, `codex-rs/protocol`) and in files that people have published.
 */
export const codexLog: SessionLog<CodexState> = {
  name: 'codex',
  title: 'Codex',
  homeVariable: 'CODEX_HOME',
  homes: ['.codex'],
  folders: ['sessions', 'archived_sessions'],
  isSession: (file) => /^rollout-.*\.jsonl$/.test(file.split(sep).at(-1) ?? ''),
  service: ({ session }) => session?.originator ?? 'codex',
  begin: () => ({ session: null, copying: false, lastAt: 0, toolCalls: 0, tools: {} }),
  read(state, line, findings, options) {
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
    const payload = objectAt(line, 'payload');
    if (type === 'session_meta') readFirst(state, { payload, at }, findings, options);
    else if (state.session === null) findings.problem('a line before that of its session');
    else {
      if (state.copying) state.copying = isCopy(state, at);
      read(state, { payload, at }, findings, options);
    }
    state.lastAt = at;
  },
  // Each line is complete in itself.
  settle: () => false,
};

/** Types of lines that say nothing about calls, tools, prompts or errors. */
const IGNORED = new Set(['world_state', 'inter_agent_communication', 'inter_agent_communication_metadata']);

/** A session that was forked begins with a copy of another one, whose times are those of the copying. */
function isCopy({ session, lastAt }: CodexState, at: number): boolean {
  return at < (session?.startedAt ?? 0) || at - lastAt < COPY_GAP_MS;
}

function readFirst(state: CodexState, { payload, at }: Timed, findings: Findings, options: LogOptions): void {
  const isFirst = state.session === null;
  readSession(state, payload, at);
  if (!isFirst) return;
  if (state.session === null) findings.problem('a session without an id');
  else if (!state.session.isSubagent) {
    recordUsage(state, { kind: 'SESSIONS', amount: 1, key: '', at }, findings, options);
    recordActivity(state, { type: 'session', message: 'A session of Codex began.', at }, findings, options);
  }
  state.copying = payload['forked_from_id'] != null;
}

const READERS: Readonly<Record<string, Reader>> = {
  session_meta: () => undefined,
  turn_context(state, { payload }) {
    state.model = textAt(payload, 'model') ?? state.model;
    state.cwd = textAt(payload, 'cwd') ?? state.cwd;
    state.turn = textAt(payload, 'turn_id') ?? state.turn;
  },
  compacted(state, { at }, findings, options) {
    recordUsage(state, { kind: 'COMPACTIONS', amount: 1, key: String(at), at }, findings, options);
  },
  response_item(state, timed, findings, options) {
    ITEMS[textAt(timed.payload, 'type') ?? '']?.(state, timed, findings, options);
  },
  event_msg(state, timed, findings, options) {
    EVENTS[textAt(timed.payload, 'type') ?? '']?.(state, timed, findings, options);
  },
};

/** Items of a conversation by their type. All others are texts. */
const ITEMS: Readonly<Record<string, Reader>> = {
  function_call: readToolCall,
  custom_tool_call: readToolCall,
  local_shell_call: readToolCall,
  function_call_output: readToolResult,
  custom_tool_call_output: readToolResult,
  web_search_call: readWebSearch,
};

import { sep } from 'node:path';
import type { SessionLog } from '../session-log.ts';
import { objectAt, textAt, timeOf } from '../values.ts';
import { EVENTS, type Reader, recordActivity, recordUsage } from './events.ts';
import { type CodexReading, type CodexState, readSession, type Timed } from './state.ts';
import { readToolCall, readToolResult, readWebSearch } from './tools.ts';

/**
 * Codex writes a copied history all at once. The first answer of a model takes longer than this.
 */
const COPY_GAP_MS = 1_000;

/**
 * The sessions of Codex: `sessions/YYYY/MM/DD/rollout-….jsonl`. The format of its lines is taken
 * from its source (openai/codex, `codex-rs/protocol`) and from files that people have published.
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
  read(reading, line) {
    const { state, findings } = reading;
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
    if (type === 'session_meta') readFirst(reading, { payload, at });
    else if (state.session === null) findings.problem('a line before the one of its session');
    else {
      if (state.copying) state.copying = isCopy(state, at);
      read(reading, { payload, at });
    }
    state.lastAt = at;
  },
  // Each line is complete in itself.
  settle: () => false,
};

/** Types of lines that say nothing about calls, tools, prompts or errors. */
const IGNORED = new Set(['world_state', 'inter_agent_communication', 'inter_agent_communication_metadata']);

/** A forked session begins with a copy of another one, whose lines have the time of the copying. */
function isCopy({ session, lastAt }: CodexState, at: number): boolean {
  return at < (session?.startedAt ?? 0) || at - lastAt < COPY_GAP_MS;
}

function readFirst(reading: CodexReading, { payload, at }: Timed): void {
  const { state, findings } = reading;
  const isFirst = state.session === null;
  readSession(state, payload, at);
  if (!isFirst) return;
  if (state.session === null) findings.problem('a session without an id');
  else if (!state.session.isSubagent) {
    recordUsage(reading, { kind: 'SESSIONS', amount: 1, key: '', at });
    recordActivity(reading, { type: 'session', message: 'A session of Codex began.', at });
  }
  state.copying = payload['forked_from_id'] != null;
}

const READERS: Readonly<Record<string, Reader>> = {
  session_meta: () => undefined,
  turn_context({ state }, { payload }) {
    state.model = textAt(payload, 'model') ?? state.model;
    state.cwd = textAt(payload, 'cwd') ?? state.cwd;
    state.turn = textAt(payload, 'turn_id') ?? state.turn;
  },
  compacted(reading, { at }) {
    recordUsage(reading, { kind: 'COMPACTIONS', amount: 1, key: String(at), at });
  },
  response_item(reading, timed) {
    ITEMS[textAt(timed.payload, 'type') ?? '']?.(reading, timed);
  },
  event_msg(reading, timed) {
    EVENTS[textAt(timed.payload, 'type') ?? '']?.(reading, timed);
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

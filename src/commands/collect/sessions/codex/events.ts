import { agentEventId } from '../../../../core/coding-agents.ts';
import type { Line } from '../session-log.ts';
import { countLines, known, numberAt, objectAt, textAt, textsOf } from '../values.ts';
import { readTokens } from './responses.ts';
import { type CodexReading, originOf, type Timed, workspaceOf } from './state.ts';

export type Reader = (reading: CodexReading, timed: Timed) => void;

/** Events by their type. All others say nothing about calls, prompts, edits or errors. */
export const EVENTS: Readonly<Record<string, Reader>> = {
  token_count: readTokens,
  user_message(reading, { payload, at }) {
    readPrompt(reading, { way: 'user_message', text: textsOf(payload['message']), at });
  },
  patch_apply_end(reading, timed) {
    if (timed.payload['success'] === true) readEdits(reading, timed);
  },
  item_completed(reading, { payload, at }) {
    const item = objectAt(payload, 'item');
    if (item['type'] === 'UserMessage')
      readPrompt(reading, { way: 'item', text: textsOf(item['content']), at });
    if (item['type'] === 'FileChange' && item['status'] === 'completed')
      readEdits(reading, { payload: item, at });
  },
  task_complete(reading, { payload, at }) {
    const amount = (numberAt(payload, 'duration_ms') ?? 0) / 1000;
    const key = textAt(payload, 'turn_id') ?? String(at);
    if (amount > 0) recordUsage(reading, { kind: 'ACTIVE_SECONDS', amount, key, at });
  },
  error: (reading, timed) => recordError(reading, timed, 'ERROR'),
  stream_error: (reading, timed) => recordError(reading, timed, 'WARNING'),
};

interface Usage {
  readonly kind: string;
  readonly amount: number;
  /** What identifies the event among those of its kind and session. */
  readonly key: string;
  readonly at: number;
}

/** Records a usage of a session, unless it is a copy of what another session did. */
export function recordUsage(reading: CodexReading, { kind, amount, key, at }: Usage): void {
  const { state, findings } = reading;
  if (state.copying) return;
  const { sessionId, agentId, attributes } = originOf(reading);
  const id = agentEventId('agentUsage', 'codex', String(sessionId), kind, key);
  const timestamp = new Date(at).toISOString();
  findings.event(
    'agentUsage',
    known({ id, timestamp, sessionId, agentId, kind, amount, attributes }),
    workspaceOf(state),
  );
}

/** Records an activity of a session, unless it is a copy of what another session did. */
export function recordActivity(
  reading: CodexReading,
  { type, message, at }: { readonly type: string; readonly message: string; readonly at: number },
): void {
  const { state, findings } = reading;
  if (state.copying) return;
  const { sessionId, agentId, attributes } = originOf(reading);
  const event = {
    id: agentEventId('agentActivities', 'codex', String(sessionId), type, String(at)),
    timestamp: new Date(at).toISOString(),
    sessionId,
    agentId,
    activityType: type,
    message,
    attributes,
  };
  findings.event('agentActivities', known(event), workspaceOf(state));
}

interface Prompt {
  readonly way: string;
  readonly text: string;
  readonly at: number;
}

/** Versions of Codex write prompts in two ways. A file with both contains each prompt twice. */
function readPrompt(reading: CodexReading, { way, text, at }: Prompt): void {
  const { state, options } = reading;
  state.promptWay ??= way;
  if (state.promptWay !== way || state.session?.isSubagent === true) return;
  recordUsage(reading, { kind: 'PROMPTS', amount: 1, key: String(at), at });
  if (options.prompts && text !== '') recordActivity(reading, { type: 'prompt', message: text, at });
}

/**
 * Counts the lines of the edited files, from the patch of each, or from the text of a new or a
 * removed file.
 */
function readEdits(reading: CodexReading, { payload, at }: Timed): void {
  const key = textAt(payload, 'call_id') ?? textAt(payload, 'id') ?? String(at);
  const changes = Object.keys(objectAt(payload, 'changes')).map((file) =>
    linesOf(objectAt(objectAt(payload, 'changes'), file)),
  );
  const amounts = {
    LINES_ADDED: changes.reduce((sum, { added }) => sum + added, 0),
    LINES_REMOVED: changes.reduce((sum, { removed }) => sum + removed, 0),
  };
  for (const [kind, amount] of Object.entries(amounts)) {
    if (amount > 0) recordUsage(reading, { kind, amount, key, at });
  }
}

/**
 * A patch in the unified format. Codex leaves out the header, whose lines begin with +++ and ---.
 */
function linesOf(change: Line): { readonly added: number; readonly removed: number } {
  const { content, unified_diff: patch, type } = change;
  if (typeof patch === 'string') return countLines(patch.split('\n'));
  if (typeof content !== 'string') return { added: 0, removed: 0 };
  const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
  return type === 'delete' ? { added: 0, removed: lines } : { added: lines, removed: 0 };
}

function recordError(reading: CodexReading, { payload, at }: Timed, severity: 'ERROR' | 'WARNING'): void {
  const { state, findings } = reading;
  if (state.copying) return;
  const { sessionId, requestId, attributes } = originOf(reading);
  const info = payload['codex_error_info'];
  const event = {
    id: agentEventId('errorLogs', 'codex', String(sessionId), String(at)),
    timestamp: new Date(at).toISOString(),
    sessionId,
    requestId,
    // Either a name, or an object whose only field has that name.
    errorType:
      textAt(payload, 'codex_error_info') ?? Object.keys(objectAt({ info }, 'info'))[0] ?? 'codex_error',
    errorMessage: textAt(payload, 'message') ?? '',
    severity,
    attributes,
  };
  findings.event('errorLogs', known(event), workspaceOf(state));
}

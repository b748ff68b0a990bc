import { MINUTE_MS } from '../../core/time/units.ts';
import type { Attributes, LogRecord } from '../protocol/telemetry.ts';
import { asBoolean, asText, firstText } from './attributes.ts';
import type { MappedEvent } from './mapped.ts';
import type { Sender } from './sender.ts';

/**
 * Senders (`service.name`) whose events count everything. They may also send spans about the same,
 * which would count it again.
 */
const EVENT_SENDERS =
  /^(?:gemini-cli|codex(?: .*|[-_](?:cli(?:_rs)?|exec|tui|vscode|desktop|sdk[-_]\w+|(?:app|mcp)[-_]server))?)$/i;

/**
 * Codex names itself by how it was started: codex_cli_rs, codex_exec, codex-tui, Codex Desktop.
 * Another program may be called codex-search: its spans are all that there is of its calls.
 */
export const sendsEvents = (sender: string): boolean => EVENT_SENDERS.test(sender);

/** The session of a coding agent. */
export const sessionOf = (attributes: Attributes): string | undefined =>
  firstText(attributes, 'session.id', 'conversation.id');

/**
 * The agent: `agent.id` of the resource, which `telltale agent-env` sets; otherwise the user and
 * the session.
 */
export function agentOf(attributes: Attributes, sender: Sender): string {
  if (sender.agentId !== undefined) return sender.agentId;
  const user = firstText(attributes, 'user.email', 'user.id', 'user.account_uuid', 'user.account_id');
  return [user ?? (sender.name || 'agent'), sessionOf(attributes)].filter(Boolean).join('/');
}

/** An event of a coding agent, as its families read it. */
export interface AgentEvent {
  /** Without the prefix of the tool: `api_request`. */
  readonly name: string;
  readonly attributes: Attributes;
  readonly timeMs: number;
  readonly record: LogRecord;
  readonly agentId: string;
  readonly sessionId: string | undefined;
  readonly sender: Sender;
  /**
   * Identifies the event: by its number in the session, otherwise by its time and content. If the
   * event is sent again, the key is the same.
   */
  readonly key: string;
}

/**
 * The time of an event: some senders set only the time at which it was observed, or an attribute.
 */
export function timeOf({ timeMs, observedMs, attributes }: LogRecord): number {
  if (timeMs > 0) return timeMs;
  const given = Date.parse(firstText(attributes, 'event.timestamp') ?? '');
  return Number.isNaN(given) ? observedMs : given;
}

export function createAgentEvent(name: string, record: LogRecord, sender: Sender): AgentEvent {
  const { attributes } = record;
  const timeMs = timeOf(record);
  const sessionId = sessionOf(attributes);
  const sequence = asText(attributes.get('event.sequence'));
  const rest = sequence === undefined ? [timeMs, record.body, [...attributes]] : [sequence];
  return {
    ...{ name, attributes, timeMs, record, sessionId, sender },
    agentId: agentOf(attributes, sender),
    key: JSON.stringify([sender.name, sessionId, name, ...rest]),
  };
}

/** The columns that the events of coding agents have in common. */
export function agentFields({ sender, timeMs, agentId, sessionId }: AgentEvent): MappedEvent {
  return { ...sender.common, timestamp: new Date(timeMs), agentId, sessionId };
}

/** Adds a model call if the event names the model. */
export function addAgentCall({ name, sender }: AgentEvent, call: MappedEvent): void {
  if (call['model'] === undefined) sender.ignore('NO_MODEL', name);
  else sender.add('llmCalls', call);
}

/** Adds an amount of a kind that `agentUsage` counts. */
export function addUsage(event: AgentEvent, kind: string, amount = 1): void {
  const { sender, timeMs, key } = event;
  const id = sender.idAt('agentUsage', timeMs, JSON.stringify([kind, key]));
  sender.add('agentUsage', { ...agentFields(event), id, kind, amount });
}

/** Adds a readable description of what an agent did. */
export function addActivity(event: AgentEvent, activityType: string, message: string): void {
  const { sender, timeMs, key } = event;
  sender.add('agentActivities', {
    ...agentFields(event),
    ...{ id: sender.idAt('agentActivities', timeMs, key), activityType, message, taskId: sender.taskId },
  });
}

/** A task is recorded as updated at most once an hour: its events are kept forever. */
const UPDATED_EVERY_MS = 60 * MINUTE_MS;

/** Records that the agent is at work: once a minute, however much it does. */
export function addPresence(event: AgentEvent): void {
  const { sender, timeMs, agentId } = event;
  const minute = Math.floor(timeMs / MINUTE_MS);
  sender.addOnce('agentMetrics', {
    ...{ ...sender.common, timestamp: new Date(timeMs), agentId, status: 'ACTIVE' },
    id: sender.idAt('agentMetrics', minute * MINUTE_MS, JSON.stringify(['active', agentId, minute])),
    currentTask: sender.taskId,
    branch: sender.common.tags?.['branch'],
  });
  if (sender.taskId !== undefined) addTask(event, sender.taskId);
}

/** The first event of a task starts it. No event says when it is done, and this never guesses. */
function addTask({ sender, timeMs, agentId }: AgentEvent, taskId: string): void {
  const common = { ...sender.common, timestamp: new Date(timeMs), taskId, changedBy: agentId };
  sender.addOnce('taskEvents', {
    ...{ ...common, eventType: 'STARTED', newStatus: 'in_progress', assignedTo: agentId },
    id: sender.idOf('taskEvents', JSON.stringify(['started', taskId])),
  });
  const hour = Math.floor(timeMs / UPDATED_EVERY_MS);
  sender.addOnce('taskEvents', {
    ...{ ...common, eventType: 'UPDATED' },
    id: sender.idOf('taskEvents', JSON.stringify(['updated', taskId, agentId, hour])),
  });
}

/** Adds a failed call as a separate error. */
export function addError(
  event: AgentEvent,
  error: {
    readonly errorType: string;
    readonly errorMessage: string;
    readonly requestId?: string | undefined;
  },
): void {
  const { sender, timeMs, key, sessionId } = event;
  sender.add('errorLogs', {
    ...sender.common,
    ...error,
    ...{ id: sender.idAt('errorLogs', timeMs, key), timestamp: new Date(timeMs), sessionId },
  });
}

/** Words that tools use for decisions about whether a tool may run. */
const DECISIONS: ReadonlyMap<string, string> = new Map([
  ['accept', 'ACCEPTED'],
  ['accepted', 'ACCEPTED'],
  ['modify', 'ACCEPTED'],
  ['auto_accept', 'AUTO'],
  ['reject', 'REJECTED'],
  ['denied', 'REJECTED'],
  ['abort', 'REJECTED'],
  ['timed_out', 'REJECTED'],
  ['timedout', 'REJECTED'],
]);
/** Codex has a word for each kind, with underscores or without: approved, approvedforsession. */
const APPROVED = /^approved/;
/** Sources of a decision that nobody made for this particular use of the tool. */
const AUTOMATIC: ReadonlySet<string> = new Set(['config', 'hook', 'rule', 'automatedreviewer']);

/** The decision about whether a tool may run; undefined if it is not known. */
export function decisionOf(decision: string | undefined, source: string | undefined): string | undefined {
  const word = decision?.toLowerCase() ?? '';
  const made = APPROVED.test(word) ? 'ACCEPTED' : DECISIONS.get(word);
  const isAutomatic = AUTOMATIC.has(source?.toLowerCase() ?? '');
  return isAutomatic && made !== 'REJECTED' ? 'AUTO' : made;
}

export interface ToolUse {
  readonly tool: string | undefined;
  /**
   * The id of the event, if the sender identifies uses of tools: the same as from the agent's
   * files.
   */
  readonly id: string | undefined;
  readonly mcpServer: string | undefined;
  readonly success: boolean;
  readonly decision: string | undefined;
  readonly durationMs: number | undefined;
  readonly errorType: string | undefined;
  readonly requestId: string | undefined;
}

/** Adds the use of a tool. Its result and a decision against it share an id. */
export function addToolUse(event: AgentEvent, { id, tool, ...fields }: ToolUse): void {
  const { sender, timeMs, key } = event;
  sender.add('toolCalls', {
    ...{ ...agentFields(event), ...fields, tool: tool ?? 'unknown' },
    id: id ?? sender.idAt('toolCalls', timeMs, key),
  });
}

/** Whether something succeeded, as senders write it; if absent, it did. */
export const succeeded = (attributes: Attributes): boolean => asBoolean(attributes.get('success')) ?? true;

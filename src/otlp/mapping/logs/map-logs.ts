import type { Batch, LogRecord } from '../../protocol/telemetry.ts';
import { asText, firstText } from '../attributes.ts';
import { type AgentEvent, addPresence, createAgentEvent, timeOf } from '../coding-agents.ts';
import type { Sender } from '../sender.ts';
import { exceptionKey } from '../spans/exceptions.ts';
import { exceptionOf } from '../spans/failure.ts';
import { CLAUDE_EVENTS } from './claude-code.ts';
import { createCodexEvents, createCodexMemory } from './codex.ts';
import { GEMINI_EVENTS } from './gemini-cli.ts';

export interface LogMapping {
  readonly sender: Sender;
  readonly families: LogFamilies;
  /** Called before each record. */
  readonly next: () => void;
}

/** What the events of each tool become, by name prefix and by name. */
export type LogFamilies = readonly (readonly [
  prefix: string,
  Readonly<Record<string, (event: AgentEvent) => void>>,
])[];

/** The families for one request. */
export const createLogFamilies = (): LogFamilies => [
  ['claude_code.', CLAUDE_EVENTS],
  ['codex.', createCodexEvents(createCodexMemory())],
  ['gemini_cli.', GEMINI_EVENTS],
];

/** The missing prefix of events, by the library that emits them. */
const SCOPES: ReadonlyMap<string, string> = new Map([['com.anthropic.claude_code.events', 'claude_code.']]);

/** Adds the events for the records of a batch. */
export function mapLogs({ items, scope }: Batch<LogRecord>, { sender, families, next }: LogMapping): void {
  for (const record of items) {
    next();
    const name = eventNameOf(record, scope);
    const family = families.find(([prefix]) => name.startsWith(prefix));
    if (family === undefined) mapOther(name, record, sender);
    else mapEvent(family, createAgentEvent(name.slice(family[0].length), record, sender));
  }
}

function eventNameOf({ eventName, attributes, body }: LogRecord, scope: string): string {
  const name = eventName || (firstText(attributes, 'event.name') ?? asText(body) ?? '');
  const prefix = SCOPES.get(scope);
  if (prefix !== undefined && !name.startsWith(prefix)) return `${prefix}${name}`;
  return name;
}

function mapEvent([, events]: LogFamilies[number], event: AgentEvent): void {
  const { name, sender } = event;
  addPresence(event);
  const add = Object.hasOwn(events, name) ? events[name] : undefined;
  if (add === undefined) sender.ignore('OTHER_LOG', name);
  else add(event);
}

/** The conventions define events that repeat what spans of model calls say. */
const OF_MODEL_CALLS = /^gen_ai\./;

function mapOther(name: string, record: LogRecord, sender: Sender): void {
  const exception = exceptionOf(record.attributes);
  if (exception === null) {
    sender.ignore(OF_MODEL_CALLS.test(name) ? 'COUNTED_ELSEWHERE' : 'OTHER_LOG', name);
    return;
  }
  const timeMs = timeOf(record);
  const { traceId } = record;
  sender.add('errorLogs', {
    ...sender.common,
    ...exception,
    id:
      traceId === ''
        ? sender.idAt('errorLogs', timeMs, JSON.stringify([sender.name, timeMs, record.body, exception]))
        : sender.idOf('errorLogs', exceptionKey(traceId, exception)),
    timestamp: new Date(timeMs),
    requestId: traceId || undefined,
    errorMessage: exception.errorMessage ?? '',
    sessionId: firstText(record.attributes, 'session.id'),
  });
}

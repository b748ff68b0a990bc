import { parseTimestamp } from '../core/time/parse-timestamp.ts';
import { type Heading, readStructure } from './log-structure.ts';
/** One line of the log. */
export interface LogEntry {
  readonly agentId: string;
  /** Epoch milliseconds; null if the log has none. */
  readonly time: number | null;
  readonly message: string;
}

/** The agent of lines for which the log names none. */
export const UNKNOWN_AGENT = 'unknown';

const RULE = /^[-*_=\s]+$/;
const BULLET = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/;
/**
 * `[2026-01-31 12:00]`, with or without brackets, seconds, `T`, offset, and a separator from the
 * text that follows. An offset of only hours must directly follow the time: after a blank, it may
 * be a number of the text.
 */
const TIME =
  /^\[?(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?(?:\s?(Z|UTC|[+-]\d{2}:?\d{2})|([+-]\d{2}))?\]?(?:\s*[-–—|:])?(?:\s+|$)/;
const AGENT_IN_FRONT = /^(?:\*\*|`)?([\p{L}\p{N}_.@/-]{1,64})(?:\*\*|`)?:(?:\*\*)?\s+/u;
const AGENT_ALONE = /^(?:\*\*|`)?([\p{L}\p{N}_.@/-]{1,64})(?:\*\*|`)?:?$/u;

/** What the headings above a line say; null if they do not. */
interface Section {
  readonly agentId: string | null;
  readonly time: number | null;
}

const NO_SECTION: Section = { agentId: null, time: null };

/**
 * Reads `progress-log.md`, which is Markdown. Three forms give agent and time:
 * - `- [2026-01-31 12:00] builder: message`; bullet, time and agent are optional;
 * - a heading of one word, `## builder`: the lines below it are from that agent, and their whole
 *   text is the message, unless a line begins with a time and another agent;
 * - a heading with a time, `## [2026-01-31 12:00] builder`: lines below it without a time get this
 *   one.
 *
 * Every line is an entry, except headings, blank lines, rules, comments and code blocks. A time
 * without an offset is UTC. Pure.
 */
export function readProgressLog(text: string): LogEntry[] {
  const lines = text.replaceAll('\0', '').split(/\r?\n/);
  const { headings, hidden } = readStructure(lines);
  const entries: LogEntry[] = [];
  let section = NO_SECTION;
  for (const [index, line] of lines.entries()) {
    const heading = headings.get(index);
    if (heading !== undefined) section = readHeading(heading);
    else if (!hidden.has(index) && !RULE.test(line)) entries.push(...readLine(line, section));
  }
  return entries;
}

/** A heading of level 1 is a title: it says nothing about the lines below. */
function readHeading({ level, text }: Heading): Section {
  if (level === 1) return NO_SECTION;
  const { time, rest } = takeTime(text);
  return { agentId: AGENT_ALONE.exec(rest.trim())?.[1] ?? null, time };
}

function readLine(line: string, section: Section): LogEntry[] {
  const { time, rest } = takeTime(line.replace(BULLET, '').trim());
  // Below the heading of an agent, `fix: typo` is a message. With a time in front, the line has the
  // full form, which names its agent.
  const named = section.agentId === null || time !== null ? AGENT_IN_FRONT.exec(rest) : null;
  const message = rest.slice(named?.[0].length ?? 0).trim();
  if (message === '') return [];
  const agentId = named?.[1] ?? section.agentId ?? UNKNOWN_AGENT;
  return [{ agentId, time: time ?? section.time, message }];
}

/** Splits the time off the beginning of a text. An invalid time stays in the text. */
function takeTime(text: string): { readonly time: number | null; readonly rest: string } {
  const match = TIME.exec(text);
  if (match === null) return { time: null, rest: text };
  const [all, local, zone = 'Z', hours] = match;
  const time = parseTimestamp(`${local}${hours ?? (zone === 'UTC' ? 'Z' : zone)}`);
  return Number.isNaN(time) ? { time: null, rest: text } : { time, rest: text.slice(all.length) };
}

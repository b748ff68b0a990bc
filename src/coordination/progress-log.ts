/** One line of the log. */
export interface LogEntry {
  readonly agentId: string;
  /** Epoch milliseconds; null: the log does not say. */
  readonly time: number | null;
  readonly message: string;
}

/** Who wrote lines of which the log does not say it. */
export const UNKNOWN_AGENT = 'unknown';

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const RULE_OR_COMMENT = /^[-*_=\s]+$|^\s*<!--/;
const BULLET = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/;
/** `[2026-01-31 12:00]`, with or without brackets, seconds, `T`, offset; what may separate it from the text goes with it. */
const TIME =
  /^\[?(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|UTC|[+-]\d{2}:\d{2})?\]?(?:\s*[-–—|:])?(?:\s+|$)/;
const AGENT_IN_FRONT = /^(?:\*\*|`)?([\p{L}\p{N}_.@/-]{1,64})(?:\*\*|`)?:(?:\*\*)?\s+/u;
const AGENT_ALONE = /^(?:\*\*|`)?([\p{L}\p{N}_.@/-]{1,64})(?:\*\*|`)?:?$/u;

/** What the headings above a line have said. */
interface Section {
  readonly agentId: string | null;
  readonly time: number | null;
}

const NO_SECTION: Section = { agentId: null, time: null };

/**
 * Reads `progress-log.md`. Three forms say who and when:
 * - `- [2026-01-31 12:00] builder: message`, the bullet, the time and the agent each where wanted;
 * - a heading of one word, `## builder`: the lines below it are that agent's, and their whole text is the message;
 * - a heading with a time, `## [2026-01-31 12:00] builder`: the lines below it without a time have that one.
 *
 * Every line is an entry but headings, blank lines, rules, comments and code blocks. A time without an offset is UTC. Pure.
 */
export function readProgressLog(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  let section = NO_SECTION;
  let inCode = false;
  for (const line of text.replaceAll('\0', '').split(/\r?\n/)) {
    if (FENCE.test(line)) inCode = !inCode;
    else if (!inCode) {
      const heading = HEADING.exec(line);
      if (heading !== null) section = readHeading(heading);
      else if (!RULE_OR_COMMENT.test(line)) entries.push(...readLine(line, section));
    }
  }
  return entries;
}

/** A heading of the first level is a title: it says nothing of the lines below. */
function readHeading([, level = '', text = '']: RegExpExecArray): Section {
  if (level.length === 1) return NO_SECTION;
  const { time, rest } = takeTime(text);
  return { agentId: AGENT_ALONE.exec(rest.trim())?.[1] ?? null, time };
}

function readLine(line: string, section: Section): LogEntry[] {
  const { time, rest } = takeTime(line.replace(BULLET, '').trim());
  const named = section.agentId === null ? AGENT_IN_FRONT.exec(rest) : null;
  const message = rest.slice(named?.[0].length ?? 0).trim();
  if (message === '') return [];
  return [{ agentId: section.agentId ?? named?.[1] ?? UNKNOWN_AGENT, time: time ?? section.time, message }];
}

/** The time in front of a text, and what comes behind it. A time that does not exist stays in the text. */
function takeTime(text: string): { readonly time: number | null; readonly rest: string } {
  const match = TIME.exec(text);
  if (match === null) return { time: null, rest: text };
  const [all, date = '', minutes = '', seconds = '00', zone = 'Z'] = match;
  const time = Date.parse(`${date}T${minutes}:${seconds}${zone === 'UTC' ? 'Z' : zone}`);
  // Date.parse takes February 30 for March 1.
  const exists =
    Number(date.slice(8)) <=
    new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
  return Number.isNaN(time) || !exists ? { time: null, rest: text } : { time, rest: text.slice(all.length) };
}

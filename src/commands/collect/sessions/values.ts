import { firstCharacters } from '../../../core/cut-text.ts';
import { isObject } from '../../../core/is-object.ts';
import { parseTimestamp } from '../../../core/time/parse-timestamp.ts';
import type { Line } from './session-log.ts';

/** The maximum length of a text column. A longer name does not exclude an event. */
const MAX_CHARACTERS = 200;

/** The object with that name; an empty one if there is none. */
export function objectAt(line: Line, name: string): Line {
  const value = line[name];
  return isObject(value) ? value : {};
}

/** The objects in the list with that name. */
export function objectsAt(line: Line, name: string): readonly Line[] {
  const value = line[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text with that name, cut to what a column takes; undefined if there is none. */
export function textAt(line: Line, name: string): string | undefined {
  const value = line[name];
  return typeof value === 'string' && value !== '' ? firstCharacters(value, MAX_CHARACTERS) : undefined;
}

/** The number with that name, if it is 0 or more; undefined if there is none. */
export function numberAt(line: Line, name: string): number | undefined {
  const value = line[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The number of tokens with that name; 0 if there is none. */
export const tokensAt = (line: Line, name: string): number => Math.round(numberAt(line, name) ?? 0);

/** The time of a line in milliseconds since 1970; null if it has none. */
export function timeOf(line: Line): number | null {
  const time = parseTimestamp(textAt(line, 'timestamp') ?? '');
  return Number.isNaN(time) ? null : time;
}

/** The values without those that are unknown, because an event must not have undefined values. */
export const known = (values: Line): Line =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));

/** The texts of a message's content, which is a text or a list of parts. */
export function textsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isObject)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .filter((text) => text !== '')
    .join('\n');
}

/** Lines that a patch adds and removes: those that begin with + and with -. */
export function countLines(lines: readonly unknown[]): { readonly added: number; readonly removed: number } {
  const beginWith = (sign: string) =>
    lines.filter((line) => typeof line === 'string' && line.startsWith(sign)).length;
  return { added: beginWith('+'), removed: beginWith('-') };
}

import { randomUUID } from 'node:crypto';
import { markInexact } from './inexact-number.ts';

/**
 * A double holds 15 decimal digits exactly. A number with more digits loses some. From 1e21 on,
 * JavaScript then writes it as if it had been short: 1000000000000000000000001 as 1e+24.
 */
const DIGITS = 15;
const EXPONENT = 1e21;
/** With fewer digits before the point, the written number still shows that digits were lost. */
const LONG = 17;
/**
 * From this many digits on, JavaScript writes an exponent. A shorter number needs an exponent in
 * the source.
 */
const VERY_LONG = 22;

/** Matches each number as a whole, so that the digits of a fraction are not taken for a number. */
const NUMBER = /-?(\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Begins a text that stands for a number while JSON is parsed. No sender can know it. */
const STAND_IN = `${randomUUID()}:`;

/** `JSON.parse`, and marks the numbers that hide lost digits, which `findInexactNumber` reports. */
export function parseExactJson(text: string): unknown {
  const marked = withStandIns(text);
  return marked === text ? JSON.parse(text) : JSON.parse(marked, readStandIn);
}

/** Whether `parseExactJson` would mark a number of this JSON text. */
export const hasInexactNumber = (text: string): boolean => withStandIns(text) !== text;

/** The JSON text, with a text in place of each number that hides lost digits. */
function withStandIns(text: string): string {
  if (!hasLongNumber(text)) return text;
  const parts: string[] = [];
  let copied = 0;
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start);
    const end = quote === -1 ? text.length : quote;
    if (end - start >= LONG) {
      parts.push(text.slice(copied, start), text.slice(start, end).replace(NUMBER, standIn));
      copied = end;
    }
    start = endOfText(text, end);
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

function standIn(token: string, whole: string): string {
  return whole.length >= LONG && hidesDigits(token) ? `"${STAND_IN}${token}"` : token;
}

function readStandIn(this: object, key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(STAND_IN)) return value;
  markInexact(this, key);
  return Number(value.slice(STAND_IN.length));
}

/**
 * Where the JSON string ends that begins at a quotation mark. Not a regular expression, because
 * those fail on long texts.
 */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

const BACKSLASH = 92;

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

/**
 * Whether digits of a decimal number are lost in the double nearest to it, and the shortest form of
 * the double does not show that.
 */
export function hidesDigits(text: string): boolean {
  const number = Number(text);
  if (Math.abs(number) < EXPONENT || !Number.isFinite(number)) return false;
  const kept = digitsOf(String(number));
  return kept.length <= DIGITS && kept !== digitsOf(text);
}

/** The digits of a decimal number, without its sign, point, exponent, and zeros at its ends. */
const digitsOf = (text: string): string =>
  text.replace(/e.*/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');

/** Whether the text may have a number that hides digits. Samples one in 17 characters. */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start--;
    while (isDigit(text, at + 1)) at++;
    const digits = at + 1 - start;
    if (digits >= VERY_LONG || (digits >= LONG && /[.e]/i.test(text.charAt(at + 1)))) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

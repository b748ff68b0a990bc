/**
 * `2026-11-22T16:56:00.123Z`, seconds and fraction optional, any offset (`+05:30`, `+0530`, `+05`).
 * A text without an offset is not an instant.
 */
const ISO_8601 =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)$/;

const CANONICAL_LENGTH = '2026-11-22T16:56:00.123Z'.length;
const ZERO = 48;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Epoch milliseconds of an ISO-8601 date and time with an offset. A fraction finer than
 * milliseconds is cut off. NaN if the text is not such a time or names a time that does not exist
 * (February 30, 24:00, a leap second).
 */
export function parseTimestamp(text: string): number {
  if (text.length === CANONICAL_LENGTH && text[10] === 'T' && text[23] === 'Z' && text[19] === '.') {
    return parseCanonical(text);
  }
  const match = ISO_8601.exec(text);
  if (match === null) return Number.NaN;
  const [
    ,
    date = '',
    hours,
    minutes,
    seconds = '0',
    fraction = '',
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = match;
  const offset = clockTime(Number(offsetHours), Number(offsetMinutes), 0, 0);
  const local =
    startOfDate(date) +
    clockTime(Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, '0').slice(0, 3)));
  return sign === '-' ? local + offset : local - offset;
}

function parseCanonical(text: string): number {
  if (text[13] !== ':' || text[16] !== ':') return Number.NaN;
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  const seconds = twoDigits(text, 17);
  const milliseconds = digit(text, 20) * 100 + twoDigits(text, 21);
  return startOfDate(text) + clockTime(hours, minutes, seconds, milliseconds);
}

function clockTime(hours: number, minutes: number, seconds: number, milliseconds: number): number {
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

/**
 * Midnight in UTC of the date that the text starts with, such as `2026-11-22`; NaN if there is no
 * such date.
 */
function startOfDate(text: string): number {
  if (text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const isLeapDay = month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const exists = (day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0)) || isLeapDay;
  // Date.UTC treats years below 100 as years of the 20th century.
  return exists && year >= 100 ? Date.UTC(year, month - 1, day) : Number.NaN;
}

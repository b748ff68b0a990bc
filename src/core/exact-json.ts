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

/** `JSON.parse`, but numbers are read by `readNumber`. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(withVisibleLosses(text));
}

/** The JSON text, with each number that would hide lost digits replaced by `readNumber` of it. */
export function withVisibleLosses(text: string): string {
  if (!hasLongNumber(text)) return text;
  const parts: string[] = [];
  let copied = 0;
  for (let start = 0; start < text.length; ) {
    const quote = text.indexOf('"', start);
    const end = quote === -1 ? text.length : quote;
    if (end - start >= LONG) {
      parts.push(text.slice(copied, start), text.slice(start, end).replace(NUMBER, showLoss));
      copied = end;
    }
    start = endOfText(text, end);
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

function showLoss(token: string, whole: string): string {
  if (whole.length < LONG) return token;
  const number = readNumber(token);
  return Object.is(number, Number(token)) ? token : String(number);
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
 * The double nearest to a decimal number. If the shortest form of this double would hide that
 * digits were lost, one of its neighbours, whose form has 16 digits or more. So anybody who must
 * keep a number as written can see that this one differs.
 */
export function readNumber(text: string): number {
  const number = Number(text);
  if (Math.abs(number) < EXPONENT || !Number.isFinite(number)) return number;
  const kept = digitsOf(String(number));
  if (kept.length > DIGITS || kept === digitsOf(text)) return number;
  return number * (1 + Number.EPSILON);
}

/** The digits of a decimal number, without its sign, point, exponent, and zeros at its ends. */
const digitsOf = (text: string): string =>
  text.replace(/e.*/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');

/** Whether the text may have a number that `readNumber` changes. Samples one in 17 characters. */
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

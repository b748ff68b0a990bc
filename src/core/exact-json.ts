/**
 * A double has 15 digits of its own. A number with more of them loses some; from 1e21 on, JavaScript
 * then writes it as if it had been short: 1000000000000000000000001 as 1e+24.
 */
const DIGITS = 15;
/** With fewer digits before the point, a number that lost some still shows it. */
const LONG = 17;
/** From so many digits on, JavaScript writes an exponent. A shorter number needs one of its own. */
const VERY_LONG = 22;

const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{17,}(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** `JSON.parse`, but numbers are read by `readNumber`. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(withVisibleLosses(text));
}

/** The JSON text, in which each number that would hide what it lost is replaced by `readNumber` of it. */
export function withVisibleLosses(text: string): string {
  if (!hasLongNumber(text)) return text;
  return text.replace(TEXT_OR_LONG_NUMBER, (token) => {
    if (token.startsWith('"')) return token;
    const number = readNumber(token);
    return Object.is(number, Number(token)) ? token : String(number);
  });
}

/**
 * The double nearest to a decimal number; if the shortest form of this double would hide that digits were
 * lost, one of its neighbours, whose form has 16 digits or more. So whoever must keep a number as it was
 * written can see that this one is not.
 */
export function readNumber(text: string): number {
  const number = Number(text);
  const kept = digitsOf(String(number));
  if (kept.length > DIGITS || !Number.isFinite(number) || kept === digitsOf(text)) return number;
  return number * (1 + Number.EPSILON);
}

/** The digits of a decimal number, without its sign, point, exponent, and zeros at its ends. */
const digitsOf = (text: string): string =>
  text.replace(/e.*/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');

/** Whether the text may have a number that `readNumber` changes: looks at one in 17 characters. */
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

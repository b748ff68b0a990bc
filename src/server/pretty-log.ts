const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

interface LogRecord {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
  readonly [field: string]: unknown;
}

/**
 * Formats a line of the JSON log for people: local time, level, message, the other fields as
 * name=value, then the stack of an error.
 */
export function prettyLine(json: string): string {
  const { level, time, msg = '', err, ...fields }: LogRecord = JSON.parse(json);
  const clock = new Date(time).toTimeString().slice(0, 8);
  const values = Object.entries(fields).map(([name, value]) => ` ${visible(name)}=${visible(show(value))}`);
  const stack =
    err === undefined ? '' : `\n${visible(err.stack ?? err.message ?? '').replace(/^/gm, '    ')}`;
  return `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${visible(msg)}${values.join('')}${stack}\n`;
}

/**
 * Characters that change how a terminal shows the following text: control characters, except line
 * feeds and tabs, and the marks that reverse the direction of text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** The text with such characters as escapes, because a log quotes what clients and files sent. */
function visible(text: string): string {
  return text.replace(STEERING, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}

function show(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

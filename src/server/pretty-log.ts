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
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as LogRecord;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const values = Object.entries(fields).map(([name, value]) => ` ${name}=${show(value)}`);
  const stack = err === undefined ? '' : `\n${(err.stack ?? err.message ?? '').replace(/^/gm, '    ')}`;
  return `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${msg}${values.join('')}${stack}\n`;
}

function show(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

import type { Case } from './cases.ts';

/** The answer of a server to one case. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into
  readonly errors: readonly any[];
  readonly data: unknown;
}

const CLEAN: ReadonlySet<unknown> = new Set([
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'QUERY_TOO_COMPLEX',
  'FORBIDDEN',
]);

/**
 * Text that reveals the inside of a server: files, stacks, statements, and messages of databases.
 */
const INSIDE = new RegExp(
  [
    'node_modules',
    process.cwd(),
    String.raw`\bat \S+ \(\S+:\d+:\d+\)`,
    String.raw`\.(ts|js):\d+`,
    'SQLITE_',
    'Prisma',
    'kysely',
    'syntax error (at or )?near',
    String.raw`\b(relation|column|constraint) "`,
    'no such (table|column|function)',
    'invalid (byte sequence|input syntax|memory alloc)',
    'out of range for type',
    String.raw`\b(select|insert into|update|delete from) "`,
    'Cannot read propert|is not a function|is not iterable|Maximum call stack|Invalid array length|RangeError',
    'TypeError',
  ].join('|'),
  'i',
);

const LONGEST_MESSAGE = 2_100;

/** The reason why an answer is neither a clean error nor a result; null if it is one of them. */
export function faultOf({ status, errors, data }: Answer, tooLong = LONGEST_MESSAGE): string | null {
  if (status >= 500) return `status ${status}: ${JSON.stringify(errors)}`;
  for (const { message, extensions } of errors) {
    if (!CLEAN.has(extensions?.code)) return `${extensions?.code}: ${message}`;
    if (message.length > tooLong) return `a message of ${message.length} characters`;
    const shown = INSIDE.exec(JSON.stringify({ message, extensions }));
    if (shown !== null) return `shows its inside (${shown[0]}): ${message}`;
    if (extensions.code === 'BAD_USER_INPUT' && !/\w/.test(message)) return 'an empty message';
  }
  const shown = INSIDE.exec(JSON.stringify(data) ?? '');
  return shown === null ? null : `data shows its inside: ${shown[0]}`;
}

/**
 * The errors of each case of one operation, by the first step of their paths, or by their
 * variables.
 */
export function errorsOf({ errors }: Answer, cases: readonly Case[]): readonly (readonly object[])[] {
  return cases.map((_, index) =>
    errors.filter(
      ({ path, extensions }) =>
        path?.[0] === `a${index}` || (path === undefined && extensions?.variable === `v${index}`),
    ),
  );
}

import { ConfigError, withoutPassword } from '../config/config.ts';
import { type ErrorCode, TelltaleError } from '../core/errors.ts';
import { codeOf } from '../core/thrown.ts';
import { asUnavailable } from '../storage/dialect/unavailable.ts';
import { StorageUnavailable, TROUBLES } from '../storage/errors.ts';
import { MigrationError, MigrationFailed } from '../storage/migrator/migration.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/**
 * Expected errors. Their messages tell the operator everything, so no stack is printed.
 */
const EXPECTED = [ConfigError, StorageUnavailable, MigrationFailed] as const;

/**
 * Error codes of a database that does not answer or that refuses us, from Node's sockets and from
 * PostgreSQL.
 */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  '28P01',
  '28000',
  '3D000',
  '57P03',
]);

const RESTORE =
  'Stop everything that uses it, then restore a backup: `telltale backups` lists the backups, and ' +
  '`telltale restore` checks one and restores it.';

const CODES: Readonly<Record<ErrorCode, ExitCode>> = {
  BAD_USER_INPUT: EXIT_CODES.usage,
  NOT_FOUND: EXIT_CODES.usage,
  CONFLICT: EXIT_CODES.refused,
  UNAUTHENTICATED: EXIT_CODES.refused,
  FORBIDDEN: EXIT_CODES.refused,
  OVERLOADED: EXIT_CODES.unavailable,
  RATE_LIMITED: EXIT_CODES.unavailable,
  QUERY_TOO_COMPLEX: EXIT_CODES.usage,
  UNAVAILABLE: EXIT_CODES.unavailable,
  INTERNAL: EXIT_CODES.failed,
};

/** The message for an expected error of a command. Null if the error is unexpected. */
export function failureMessage(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof TelltaleError && error.details['argument'] !== undefined) {
    return `${error.details['argument']}: ${error.message}`;
  }
  // Our own messages are the most precise, whatever the cause. Otherwise the error of the database
  // says more than the error of the failed statement.
  if (error instanceof TelltaleError) return withoutPassword(error.message);
  if (error instanceof MigrationError && !(error instanceof MigrationFailed))
    return withoutPassword(error.message);
  const code = codeOf(error) ?? '';
  // If two addresses of one host both refuse, the error has no message.
  if (UNREACHABLE.has(code)) return `DATABASE_URL: the database cannot be reached: ${error.message || code}`;
  const unavailable = asUnavailable(error);
  // The store's own message about an unreachable database is already a sentence.
  if (unavailable !== null && !(error instanceof StorageUnavailable && error.trouble === 'AWAY')) {
    const advice = unavailable.trouble === 'DAMAGED' ? ` ${RESTORE}` : '';
    return `DATABASE_URL: ${TROUBLES[unavailable.trouble]} (${withoutPassword(error.message || unavailable.message)})${advice}`;
  }
  return EXPECTED.some((type) => error instanceof type) ? withoutPassword(error.message) : null;
}

/** The exit code for an expected error. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigError) return EXIT_CODES.configuration;
  // The statement failed because of the database or its disk. In all other cases the migration
  // refuses to begin.
  if (error instanceof MigrationFailed) return EXIT_CODES.unavailable;
  if (error instanceof MigrationError) return EXIT_CODES.refused;
  if (!(error instanceof TelltaleError)) return EXIT_CODES.unavailable;
  // The argument of a command is a flag; a variable of the environment has this form.
  const isVariable = /^[A-Z][A-Z_]+$/.test(String(error.details['argument']));
  return isVariable ? EXIT_CODES.configuration : CODES[error.code];
}

/**
 * Runs a command. An expected error prints its message and sets the exit code of its kind. An
 * unexpected error is rethrown with its stack.
 */
export async function withClearFailures(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = failureMessage(error);
    if (message === null) throw error;
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

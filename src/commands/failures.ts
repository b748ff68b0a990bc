import { ConfigError, withoutPassword } from '../config/config.ts';
import { TelltaleError } from '../core/errors.ts';
import { asUnavailable } from '../storage/dialect/unavailable.ts';
import { StorageUnavailable, TROUBLES } from '../storage/errors.ts';
import { MigrationError, MigrationFailed } from '../storage/migrator/migration.ts';

/**
 * What stands on the terminal is for the operator: these errors say all there is to know, a stack
 * would hide it.
 */
const EXPECTED = [ConfigError, StorageUnavailable, MigrationFailed] as const;

/**
 * What drivers say when no database answers, or not to us: codes of Node's sockets and of
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
  'Stop everything that uses it and replace it with a backup. SQLite backups are in the folder ' +
  '`backups` beside the file.';

/** The message for an error that a command may end with; null for one that nobody expected. */
export function failureMessage(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof TelltaleError && error.details['argument'] !== undefined) {
    return `${error.details['argument']}: ${error.message}`;
  }
  // What we say ourselves is the matter, whatever it came of; a statement that failed says less
  // than the database.
  if (error instanceof TelltaleError) return withoutPassword(error.message);
  if (error instanceof MigrationError && !(error instanceof MigrationFailed))
    return withoutPassword(error.message);
  const { code = '' } = error as NodeJS.ErrnoException;
  // Two addresses of one host that both refuse make an error without words.
  if (UNREACHABLE.has(code)) return `DATABASE_URL: the database cannot be reached: ${error.message || code}`;
  const unavailable = asUnavailable(error);
  // What the store itself says of a database that is away is a sentence already.
  if (unavailable !== null && !(error instanceof StorageUnavailable && error.trouble === 'AWAY')) {
    const advice = unavailable.trouble === 'DAMAGED' ? ` ${RESTORE}` : '';
    return `DATABASE_URL: ${TROUBLES[unavailable.trouble]} (${withoutPassword(error.message || unavailable.message)})${advice}`;
  }
  return EXPECTED.some((type) => error instanceof type) ? withoutPassword(error.message) : null;
}

/**
 * Runs a command. An expected failure ends with its message and exit code 1; an unexpected one is
 * thrown on, with its stack.
 */
export async function withClearFailures(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = failureMessage(error);
    if (message === null) throw error;
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}

import { hash } from 'node:crypto';

/**
 * The checksum that Prisma's own tools record for a script. It is computed with line feeds only, so
 * that a checkout with carriage returns is the same migration.
 */
export const checksumOf = (sql: string): string => hash('sha256', sql.replaceAll('\r\n', '\n'), 'hex');

/**
 * Whether a recorded checksum is that of the script with either kind of line ending, because Prisma
 * records the file as it is.
 */
export function matchesChecksum(sql: string, recorded: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n');
  return [unix, unix.replaceAll('\n', '\r\n')].some((text) => hash('sha256', text, 'hex') === recorded);
}

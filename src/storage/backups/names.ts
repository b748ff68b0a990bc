const PLAIN = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{3})$/;
/** The form of names in versions before manifests. */
const OLDER = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)\.(\d{3})Z$/;
const ENDING = '.backup';

/** An instant in UTC as part of a name: `20261122_120000_123`. */
export function stampOf(instant: number): string {
  const [date = '', time = ''] = new Date(instant).toISOString().split('T');
  return `${date.replaceAll('-', '')}_${time.replaceAll(':', '').replace('.', '_').replace('Z', '')}`;
}

/** The name of a backup of `telltale.db`: `telltale.db.20261122_120000_123.backup`. */
export const backupName = (database: string, instant: number): string =>
  `${database}.${stampOf(instant)}${ENDING}`;

/** The time in the name of a backup, in epoch milliseconds. Null for the name of another file. */
export function timeOfName(name: string, database: string): number | null {
  if (!name.startsWith(`${database}.`) || !name.endsWith(ENDING)) return null;
  const stamp = name.slice(database.length + 1, -ENDING.length);
  const match = PLAIN.exec(stamp) ?? OLDER.exec(stamp);
  if (match === null) return null;
  const [year, month, day, hour, minute, second, millisecond] = match.slice(1);
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  return Number.isNaN(instant) ? null : instant;
}

import { type Backup, listBackups } from '../../storage/backups.ts';
import { fileOfUrl } from '../../storage/dialect/sqlite/location.ts';
import { showBytes, showCount, showSpan } from './amounts.ts';
import { type Finding, ok, warning } from './finding.ts';

export interface BackupFacts {
  readonly now: number;
  /** The newest first. Null: of PostgreSQL, whose backups Telltale does not see. */
  readonly backups: readonly Pick<Backup, 'path' | 'createdAt' | 'bytes'>[] | null;
  /** A database without events loses little. */
  readonly hasEvents: boolean;
}

const OLD_MS = 7 * 86_400_000;

export const probeBackups = async (databaseUrl: string): Promise<BackupFacts['backups']> =>
  databaseUrl.startsWith('file:') ? listBackups(fileOfUrl(databaseUrl)) : null;

export function judgeBackups({ now, backups, hasEvents }: BackupFacts): readonly Finding[] {
  if (backups === null) {
    return [
      ok('backups', 'PostgreSQL has backups of its own (pg_dump, archiving), which are not seen here.'),
    ];
  }
  const [newest] = backups;
  if (newest === undefined) {
    return [
      hasEvents
        ? warning('backups', 'There is no backup.', 'telltale backup makes one; a timer makes one a day.')
        : ok('backups', 'There is no backup, and nothing was recorded yet.'),
    ];
  }
  const age = now - newest.createdAt;
  const found = `The newest of ${showCount(backups.length, 'backup')} is ${showSpan(age)} old`;
  return [
    age > OLD_MS
      ? warning('backups', `${found}.`, 'telltale backup makes one; a timer makes one a day.')
      : ok('backups', `${found}, ${showBytes(newest.bytes)}: ${newest.path}.`),
  ];
}

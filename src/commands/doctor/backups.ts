import { DAY_MS } from '../../core/time/units.ts';
import type { Backup } from '../../storage/backups/backup.ts';
import { showBytes, showCount, showSpan } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

export interface BackupFacts {
  readonly now: number;
  /** The newest first. */
  readonly backups: readonly Pick<Backup, 'path' | 'createdAt' | 'bytes' | 'state'>[];
  readonly dialect: 'sqlite' | 'postgresql';
  /** A database without events has little to lose. */
  readonly hasEvents: boolean;
}

const OLD_MS = 7 * DAY_MS;
const MAKE_ONE = 'Run telltale backup, or set BACKUP_SCHEDULE for automatic backups.';

export function assessBackups({ now, backups, dialect, hasEvents }: BackupFacts): readonly Finding[] {
  const [newest] = backups;
  if (newest === undefined) {
    if (!hasEvents) return [ok('backups', 'There is no backup, and nothing has been recorded yet.')];
    const others = dialect === 'sqlite' ? '' : ' Backups that other tools made are not visible here.';
    return [warning('backups', `There is no backup.${others}`, MAKE_ONE)];
  }
  if (newest.state === 'DAMAGED') {
    return [
      wrong(
        'backups',
        `The newest backup, ${newest.path}, has a different size than when it was made.`,
        'Run telltale backup for another one, and find out what changed the file.',
      ),
    ];
  }
  const age = now - newest.createdAt;
  const found = `The newest of ${showCount(backups.length, 'backup')} is ${showSpan(age)} old`;
  return [
    age > OLD_MS
      ? warning('backups', `${found}.`, MAKE_ONE)
      : ok('backups', `${found}, ${showBytes(newest.bytes)}: ${newest.path}.`),
  ];
}

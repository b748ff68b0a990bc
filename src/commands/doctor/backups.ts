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
const MAKE_ONE = 'telltale backup makes one; BACKUP_SCHEDULE makes them by itself.';

export function assessBackups({ now, backups, dialect, hasEvents }: BackupFacts): readonly Finding[] {
  const [newest] = backups;
  if (newest === undefined) {
    if (!hasEvents) return [ok('backups', 'There is no backup, and nothing was recorded yet.')];
    const others = dialect === 'sqlite' ? '' : ' Those of other tools are not seen here.';
    return [warning('backups', `There is no backup.${others}`, MAKE_ONE)];
  }
  if (newest.state === 'DAMAGED') {
    return [
      wrong(
        'backups',
        `The newest backup, ${newest.path}, has another size than when it was made.`,
        'telltale backup makes another one; look at what changed the file.',
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

import { describe, expect, it } from 'vitest';
import type { Backup, BackupReason, BackupState } from '../../../src/storage/backups/backup.ts';
import { superfluousBackups } from '../../../src/storage/backups/prune.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;

/**
 * A backup from this many days ago, with the first letter of its reason; `?` means an older
 * version.
 */
function backup(text: string): Backup {
  const [letter = '', days = '', state = 'VERIFIED'] = text.split(' ');
  const reasons: Record<string, BackupReason> = {
    m: 'MIGRATION',
    s: 'SCHEDULE',
    c: 'COMMAND',
    r: 'MUTATION',
  };
  const reason = reasons[letter];
  return {
    ...{ name: text, path: text, createdAt: NOW - Number(days) * DAY, bytes: 1, state: state as BackupState },
    manifest: reason === undefined ? null : ({ reason } as Backup['manifest']),
  };
}

const removedOf = (texts: readonly string[], keep = 2, keepDays = 30) =>
  superfluousBackups(texts.map(backup), { keep, keepMs: keepDays * DAY }, NOW).map(({ name }) => name);

describe('superfluousBackups', () => {
  it.each<[string, string[], string[]]>([
    ['none if there are few', ['s 1', 's 2'], []],
    ['the oldest beyond the count', ['s 1', 's 2', 's 3', 's 4'], ['s 3', 's 4']],
    ['those that are too old', ['s 1', 's 31'], ['s 31']],
    ['never the newest, however old', ['s 400'], []],
    ['never the newest verified one', ['s 1 DAMAGED', 's 40', 's 41'], ['s 41']],
    ['each reason separately', ['r 1', 'r 2', 'r 3', 's 4', 's 5', 'c 6'], ['r 3']],
    [
      'those of older versions separately',
      ['s 1', '? 2 UNKNOWN', '? 3 UNKNOWN', '? 4 UNKNOWN'],
      ['? 4 UNKNOWN'],
    ],
    ['the one before the last migration once it is too old', ['s 1', 'm 31'], ['m 31']],
  ])('removes %s', (_, given, removed) => {
    expect(removedOf(given)).toEqual(removed);
  });

  it('never removes the one before the last migration because of their number', () => {
    expect(removedOf(['m 5', 'm 6', 's 7'], 0)).toEqual(['m 6', 's 7']);
    expect(removedOf(['s 4', 'm 5', 'm 6'], 0)).toEqual(['m 6']);
  });
});

import { describe, expect, it } from 'vitest';
import { backupName, timeOfName } from '../../../src/storage/backups/names.ts';

const INSTANT = Date.UTC(2026, 10, 22, 12, 30, 0, 7);

describe('names of backups', () => {
  it('have their time in UTC', () => {
    expect(backupName('telltale.db', INSTANT)).toBe('telltale.db.20261122_123000_007.backup');
    expect(timeOfName(backupName('telltale.db', INSTANT), 'telltale.db')).toBe(INSTANT);
  });

  it('of older versions are read as well', () => {
    expect(timeOfName('telltale.db.2026-11-22T12-30-00.007Z.backup', 'telltale.db')).toBe(INSTANT);
  });

  it.each([
    'other.db.20261122_123000_007.backup',
    'telltale.db.20261122_123000_007.backup.json',
    'telltale.db.20261122_123000_007.backup.12.partial',
    'telltale.db.20261122_123000.backup',
    'telltale.db.20261322_123000_007.backup',
    'telltale.db.later.backup',
    'telltale.db',
  ])('are distinguished from %s', (name) => {
    expect(timeOfName(name, 'telltale.db')).toBeNull();
  });
});

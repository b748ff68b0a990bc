import { loadConfig } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { Backup } from '../storage/backups/backup.ts';
import type { Backups } from '../storage/backups/backups.ts';
import { checkBackup } from '../storage/backups/check-backup.ts';
import { DamagedBackup } from '../storage/backups/errors.ts';
import { openBackups } from '../storage/backups/open-backups.ts';
import { backupForJson, renderBackups } from './backups/render.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale backups`: lists the backups of the database. */
export const backupsCommand = defineCommand({
  meta: { name: 'backups', description: 'List the backups of the database, newest first.' },
  args: {
    check: {
      type: 'boolean',
      description: 'Read each backup completely, and compare it with its manifest',
      default: false,
    },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale backups', 'List the backups, newest first'],
    ['telltale backups --check', 'Read each completely: exit code 5 if one is damaged'],
  ],
  async run({ args }) {
    const warn = (text: string): void => void process.stderr.write(`${text}\n`);
    const backups = await openBackups(loadConfig(process.env), systemClock, warn);
    const found = await backups.list();
    const shown = args.check ? await checkAll(backups, found, warn) : found;
    printResult(shown.map(backupForJson), {
      json: args.json,
      render: (all) =>
        all.length === 0 ? `No backups in ${backups.folders.join(' or ')}\n` : renderBackups(all),
    });
    if (shown.some(({ state }) => state === 'DAMAGED')) process.exitCode = EXIT_CODES.problems;
  },
});

/** The backups, with the states found by reading them. */
async function checkAll(
  { format }: Backups,
  backups: readonly Backup[],
  warn: (text: string) => void,
): Promise<Backup[]> {
  await format.expectTools();
  const checked: Backup[] = [];
  for (const backup of backups) {
    try {
      await checkBackup(format, backup);
      checked.push({ ...backup, state: 'VERIFIED' });
    } catch (error) {
      if (!(error instanceof DamagedBackup)) throw error;
      warn(error.message);
      checked.push({ ...backup, state: 'DAMAGED' });
    }
  }
  return checked;
}

import { resolve } from 'node:path';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { BackupProgress } from '../storage/backups/backup.ts';
import { openBackups } from '../storage/backups/open-backups.ts';
import { backupForJson, megabytes } from './backups/render.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';
import { stoppableBySignal } from './stoppable.ts';

/** `telltale backup`: copies the database, beside a running server or without one. */
export const backupCommand = defineCommand({
  meta: {
    name: 'backup',
    description:
      'Copy the database to a file and check the copy, even while the server runs. See docs/operations.md.',
  },
  args: {
    to: {
      type: 'string',
      description: 'Folder for this backup, where none is pruned; default: BACKUP_DIR',
    },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale backup', 'Back up the database to its backup folder, even while a server runs'],
    ['telltale backup --to=/mnt/usb', 'Back it up to another disk, where nothing is pruned'],
  ],
  async run({ args }) {
    const config = loadConfig(process.env);
    const backups = await openBackups(config, systemClock, (text) => void process.stderr.write(`${text}\n`));
    const progress = createProgress('Copying', process.stderr, () => performance.now());
    const leave = backups.follow((made) => {
      if (made.phase !== 'FAILED') progress.update(fractionOf(made), `${megabytes(made.bytes)} written`);
    });
    try {
      const folder = args.to === undefined ? undefined : resolve(args.to);
      const backup = await stoppableBySignal((signal) => {
        signal.addEventListener('abort', () => void backups.stop(signal.reason));
        return backups.make({ reason: 'COMMAND', folder });
      });
      progress.finish();
      printResult(
        { database: withoutPassword(config.databaseUrl), ...backupForJson(backup) },
        {
          json: args.json,
          render: ({ path, bytes, rows }) => `${path}\n${megabytes(bytes)}, ${rows} rows, checked\n`,
        },
      );
    } finally {
      leave();
      progress.finish();
    }
  },
});

/** The share of the work that is copying; the check is the rest. */
const COPYING = 0.7;

function fractionOf({ phase, bytes, databaseBytes }: BackupProgress): number {
  if (phase === 'DONE') return 1;
  if (phase !== 'COPYING') return COPYING;
  return databaseBytes ? COPYING * Math.min(1, bytes / databaseBytes) : 0;
}

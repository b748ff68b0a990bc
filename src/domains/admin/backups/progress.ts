import { requireAllProjects } from '../../../access/caller.ts';
import { iterateInTurn } from '../../../graphql/live/iterate-in-turn.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { BackupProgress } from '../../../storage/backups/backup.ts';
import type { Backups } from '../../../storage/backups/backups.ts';
import type { backupTypes } from './backup-type.ts';

const PHASES: Readonly<Record<BackupProgress['phase'], { readonly description: string }>> = {
  COPYING: { description: 'The copy is being written.' },
  CHECKING: { description: 'The copy is being opened, read and counted.' },
  DONE: { description: 'The backup is complete.' },
  FAILED: { description: 'The backup failed; `problem` says why.' },
};

/** Adds `backupProgress`. */
export function addBackupProgress(
  { builder }: TypeRegistry,
  { backup, reason }: ReturnType<typeof backupTypes>,
): void {
  const phase = builder.enumType('BackupPhase', { description: 'The phase of a backup.', values: PHASES });
  const type = builder.objectRef<BackupProgress>('BackupProgress').implement({
    description: 'The progress of a backup that the server makes.',
    fields: (t) => ({
      phase: t.expose('phase', { type: phase, description: 'The current phase.' }),
      reason: t.expose('reason', { type: reason, description: 'Why the backup is made.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the backup was started.' }),
      bytes: t.expose('bytes', {
        type: 'SafeInt',
        description: 'How many bytes of the copy have been written.',
      }),
      databaseBytes: t.expose('databaseBytes', {
        type: 'SafeInt',
        nullable: true,
        description:
          'The size of the database, in bytes. The copy is smaller, on PostgreSQL much smaller. ' +
          'Null at the very beginning.',
      }),
      backup: t.expose('backup', {
        type: backup,
        nullable: true,
        description: 'The backup, once it is DONE.',
      }),
      problem: t.exposeString('problem', {
        nullable: true,
        description: 'Why the backup FAILED; null if it did not.',
      }),
    }),
  });
  builder.subscriptionField('backupProgress', (t) =>
    t.field({
      authScopes: { admin: true },
      type,
      description:
        'Delivers the progress of the current or last backup of this instance at once, then each ' +
        'change. A slow subscriber receives only the newest state. Needs a key for all projects.',
      subscribe(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'backupProgress');
        return watchProgress(services.backups);
      },
      resolve: (progress: BackupProgress) => progress,
    }),
  );
}

function watchProgress(backups: Pick<Backups, 'progress' | 'follow'>): AsyncIterableIterator<BackupProgress> {
  let wake = () => {};
  let isEnded = false;
  let last: BackupProgress | null = null;
  const leave = backups.follow(() => wake());
  return iterateInTurn<BackupProgress>({
    async advance() {
      while (!isEnded) {
        const now = backups.progress();
        if (now !== null && now !== last) {
          last = now;
          return { done: false, value: now };
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return { done: true, value: undefined };
    },
    end() {
      isEnded = true;
      leave();
      wake();
    },
  });
}

import { requireAllProjects } from '../../../access/caller.ts';
import { iterateInTurn } from '../../../graphql/live/iterate-in-turn.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { BackupProgress } from '../../../storage/backups/backup.ts';
import type { Backups } from '../../../storage/backups/backups.ts';
import type { backupTypes } from './backup-type.ts';

const PHASES: Readonly<Record<BackupProgress['phase'], { readonly description: string }>> = {
  COPYING: { description: 'The copy is written.' },
  CHECKING: { description: 'The copy is opened, read and counted.' },
  DONE: { description: 'The backup is there.' },
  FAILED: { description: 'There is no backup; `problem` says why.' },
};

/** Adds `backupProgress`. */
export function addBackupProgress(
  { builder }: TypeRegistry,
  { backup, reason }: ReturnType<typeof backupTypes>,
): void {
  const phase = builder.enumType('BackupPhase', { description: 'How far a backup is.', values: PHASES });
  const type = builder.objectRef<BackupProgress>('BackupProgress').implement({
    description: 'How far a backup is that the server makes.',
    fields: (t) => ({
      phase: t.expose('phase', { type: phase, description: 'What is done now.' }),
      reason: t.expose('reason', { type: reason, description: 'Why the backup is made.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was begun.' }),
      bytes: t.expose('bytes', { type: 'SafeInt', description: 'How much of the copy is written.' }),
      databaseBytes: t.expose('databaseBytes', {
        type: 'SafeInt',
        nullable: true,
        description:
          'The size of the database; the copy is smaller, on PostgreSQL by much. Null at the very beginning.',
      }),
      backup: t.expose('backup', {
        type: backup,
        nullable: true,
        description: 'The backup, once it is DONE.',
      }),
      problem: t.exposeString('problem', { nullable: true, description: 'Why it FAILED.' }),
    }),
  });
  builder.subscriptionField('backupProgress', (t) =>
    t.field({
      authScopes: { admin: true },
      type,
      description:
        'Delivers how far the backup is that this instance makes, or made last, then each change. A ' +
        'slow subscriber gets the newest state. Needs a key for all projects.',
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

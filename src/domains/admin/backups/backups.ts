import { requireAllProjects } from '../../../access/caller.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Backup } from '../../../storage/backups/backup.ts';
import { backupTypes } from './backup-type.ts';
import { addBackupProgress } from './progress.ts';

/** Adds `backups`, `createBackup` and `backupProgress`. */
export function addBackups(types: TypeRegistry): void {
  const { builder } = types;
  const { backup: type, reason } = backupTypes(types);
  builder.queryField('backups', (t) =>
    t.field({
      authScopes: { admin: true },
      type: [type],
      description:
        'The copies of the database in the backup folder, newest first: those made before ' +
        'migrations, by `BACKUP_SCHEDULE`, by `telltale backup` and by `createBackup`. Needs a key ' +
        'for all projects.',
      resolve(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'backups');
        return services.backups.list();
      },
    }),
  );
  const payload = builder.objectRef<Backup>('CreateBackupPayload').implement({
    description: 'The backup that was made.',
    fields: (t) => ({
      backup: t.field({ type, description: 'The copy.', resolve: (backup) => backup }),
    }),
  });
  builder.mutationField('createBackup', (t) =>
    t.field({
      authScopes: { admin: true },
      type: payload,
      description:
        'Copies the whole database, of all projects, to a file, and checks the copy. Recording ' +
        'continues meanwhile. Returns when the copy is complete; `backupProgress` reports the ' +
        'progress. Only one backup runs at a time; calls during a backup share the next one. ' +
        'Removes backups that exceed BACKUP_KEEP or are older than BACKUP_KEEP_DAYS. PostgreSQL ' +
        "needs `pg_dump` on the server's machine. Needs a key for all projects.",
      resolve(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'createBackup');
        return services.backups.make({ reason: 'MUTATION' });
      },
    }),
  );
  addBackupProgress(types, { backup: type, reason });
}

import { requireAllProjects } from '../../../access/caller.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Backup } from '../../../storage/backups.ts';

/** Adds `backups` and `createBackup`. */
export function addBackups(types: TypeRegistry): void {
  const { builder } = types;
  const type = backupType(types);
  builder.queryField('backups', (t) =>
    t.field({
      authScopes: { admin: true },
      type: [type],
      description:
        'The copies of the database in the folder `backups` beside its file, newest first: one ' +
        'from before each migration, and those that `createBackup` made. Empty on PostgreSQL, ' +
        'which has its own backup tools. Needs a key for all projects.',
      resolve(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'backups');
        return services.store.backups();
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
        'Copies the whole database, of all projects, to a file beside it. Recording continues ' +
        'meanwhile. Returns when the copy is complete. SQLite only: on PostgreSQL, use pg_dump. ' +
        'Needs a key for all projects.',
      resolve(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'createBackup');
        return services.store.backUp(services.clock.now());
      },
    }),
  );
}

function backupType({ builder }: TypeRegistry) {
  return builder.objectRef<Backup>('Backup').implement({
    description:
      'A copy of the database in a file. The file is itself a database: to restore it, stop ' +
      'the server and put it in place of the original.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'The name of the file.' }),
      path: t.exposeString('path', { description: "The path on the server's machine." }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the backup was made.' }),
      bytes: t.expose('bytes', { type: 'SafeInt', description: 'The size of the file.' }),
    }),
  });
}

import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Backup } from '../../../storage/backups.ts';

/** Adds `backups` and `createBackup`. */
export function addBackups(types: TypeRegistry): void {
  const { builder } = types;
  const type = backupType(types);
  builder.queryField('backups', (t) =>
    t.field({
      type: [type],
      description:
        'The copies of the database in the folder `backups` beside its file, the newest first: one before each migration, and those ' +
        'of `createBackup`. Empty on PostgreSQL, which has backups of its own.',
      resolve: (_root, _args, { services }) => services.store.backups(),
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
      type: payload,
      description:
        'Copies the whole database, of all projects, to a file beside it; recording goes on meanwhile. Answers when the copy is ' +
        'complete. On SQLite only: on PostgreSQL use pg_dump.',
      resolve: (_root, _args, { services }) => services.store.backUp(services.clock.now()),
    }),
  );
}

function backupType({ builder }: TypeRegistry) {
  return builder.objectRef<Backup>('Backup').implement({
    description:
      'A copy of the database in a file. It opens as a database: to restore it, stop the server and put it in place.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the file.' }),
      path: t.exposeString('path', { description: "Where it lies on the server's machine." }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
      bytes: t.expose('bytes', { type: 'SafeInt', description: 'Its size.' }),
    }),
  });
}

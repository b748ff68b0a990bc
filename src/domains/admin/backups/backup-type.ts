import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Backup, BackupReason, BackupState } from '../../../storage/backups/backup.ts';

const REASONS: Readonly<Record<BackupReason, { readonly description: string }>> = {
  MIGRATION: { description: 'Before a migration changed the database.' },
  SCHEDULE: { description: 'By `BACKUP_SCHEDULE`.' },
  COMMAND: { description: 'By `telltale backup`.' },
  MUTATION: { description: 'By `createBackup`.' },
};

const STATES: Readonly<Record<BackupState, { readonly description: string }>> = {
  VERIFIED: {
    description:
      'The backup was opened and checked when it was made, and its size has not changed. `telltale ' +
      'backups --check` reads it again.',
  },
  UNKNOWN: { description: 'There is no record of a check: an older version made the backup.' },
  DAMAGED: { description: 'The size of the file has changed since the backup was made.' },
};

/** The enums and the type of backups. */
export function backupTypes({ builder }: TypeRegistry) {
  const reason = builder.enumType('BackupReason', { description: 'Why a backup was made.', values: REASONS });
  const state = builder.enumType('BackupState', {
    description: 'Whether a backup is intact.',
    values: STATES,
  });
  const backup = builder.objectRef<Backup>('Backup').implement({
    description: 'A copy of the whole database in a file. `telltale restore` replaces the database with it.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'The name of the file, with its time in UTC: `telltale.db.20261122_120000_000.backup`.',
      }),
      path: t.exposeString('path', { description: "The path on the server's machine." }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the backup was made.' }),
      bytes: t.expose('bytes', { type: 'SafeInt', description: 'The size of the file.' }),
      state: t.expose('state', { type: state, description: 'Whether the backup is intact.' }),
      reason: t.field({
        type: reason,
        nullable: true,
        description: 'Why the backup was made; null if an older version made it.',
        resolve: ({ manifest }) => manifest?.reason ?? null,
      }),
      schemaVersion: t.string({
        nullable: true,
        description: 'The last migration in the backup, such as "0021_fewer_indexes"; null if unknown.',
        resolve: ({ manifest }) => manifest?.migrations.at(-1) ?? null,
      }),
      rows: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The number of rows in all of its tables; null if unknown.',
        resolve: ({ manifest }) =>
          manifest && Object.values(manifest.rows).reduce((sum, rows) => sum + rows, 0),
      }),
      sha256: t.string({
        nullable: true,
        description: 'The SHA-256 of the file, in hexadecimal; null if unknown.',
        resolve: ({ manifest }) => manifest?.sha256 ?? null,
      }),
      configuration: t.stringList({
        description: 'The configuration files that were copied with it, such as the price file.',
        resolve: ({ manifest }) => [...(manifest?.configuration ?? [])],
      }),
    }),
  });
  return { backup, reason };
}

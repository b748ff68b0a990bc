import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { AppliedMigration } from '../../../storage/migrator/migration.ts';

/** Adds `schemaVersion`. */
export function addSchemaVersion(types: TypeRegistry): void {
  const { builder } = types;
  const migration = migrationType(types);
  const type = builder.objectRef<readonly AppliedMigration[]>('SchemaVersion').implement({
    description: "The state of the database's tables.",
    fields: (t) => ({
      current: t.string({
        description: 'The latest applied migration, which is the version of the schema.',
        resolve: (migrations) => migrations.map(({ name }) => name).reduce(latest),
      }),
      migrations: t.field({
        type: [migration],
        description: 'All applied migrations, oldest first.',
        resolve: (migrations) => migrations,
      }),
    }),
  });
  builder.queryField('schemaVersion', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description: 'The migrations that were applied to the database, and when.',
      resolve: (_root, _args, { services }) => services.store.migrations(),
    }),
  );
}

/** Migrations are applied in the order of their names. */
const latest = (one: string, other: string): string => (one > other ? one : other);

function migrationType({ builder }: TypeRegistry) {
  return builder.objectRef<AppliedMigration>('Migration').implement({
    description: 'A step from one version of the database schema to the next.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, for example "0001_initial".' }),
      appliedAt: t.field({
        type: 'DateTime',
        description: 'When it was applied to the database.',
        // Only migrations that have finished are listed.
        resolve: ({ startedAt, finishedAt }) => finishedAt ?? startedAt,
      }),
      checksum: t.exposeString('checksum', { description: 'SHA-256 of its script, in hexadecimal.' }),
    }),
  });
}

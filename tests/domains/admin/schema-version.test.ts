import { expect, it } from 'vitest';
import { checksumOf } from '../../../src/storage/migrator/checksum.ts';
import { migrationsFolder, readMigrations } from '../../../src/storage/migrator/files.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';

describeEachDatabase('schemaVersion', (database) => {
  it('lists every applied migration, and gives the last one as the version', async () => {
    await using graphql = await startGraphQL(database);
    const own = await readMigrations(migrationsFolder(database.dialect));
    const { schemaVersion } = await graphql.data(
      '{ schemaVersion { current migrations { name appliedAt checksum } } }',
    );
    expect(schemaVersion.current).toBe(own.at(-1)?.name);
    expect(schemaVersion.migrations).toEqual(
      own.map(({ name, sql }) => ({
        name,
        appliedAt: expect.stringMatching(/^20\d\d-.*Z$/),
        checksum: checksumOf(sql),
      })),
    );
  });

  it('leaves out attempts that were rolled back', async () => {
    await using graphql = await startGraphQL(database);
    const { store } = graphql.services;
    const before = await store.migrations();
    await store.query
      .insertInto('_prisma_migrations')
      .values(
        [
          {
            id: 'a',
            checksum: '',
            migration_name: '0999_unfinished',
            started_at: new Date(),
            applied_steps_count: 0,
          },
          {
            id: 'b',
            checksum: '',
            migration_name: '0999_undone',
            started_at: new Date(),
            finished_at: new Date(),
            rolled_back_at: new Date(),
            applied_steps_count: 1,
          },
        ].map((values) => ({ finished_at: null, rolled_back_at: null, ...values })),
      )
      .execute();
    expect(await store.migrations()).toEqual(before);
  });
});

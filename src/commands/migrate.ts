import { defineCommand } from 'citty';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { openMigrationConnection } from '../storage/create-store.ts';
import { migrate as migrateDatabase } from '../storage/migrator/migrate.ts';
import { withClearFailures } from './failures.ts';

/** `telltale migrate`: migrates the database to the schema of this version, then exits. */
export const migrate = defineCommand({
  meta: {
    name: 'migrate',
    description: 'Migrate the database of DATABASE_URL to the schema of this version.',
  },
  run: () =>
    withClearFailures(async () => {
      const { databaseUrl } = loadConfig(process.env);
      const connection = await openMigrationConnection(databaseUrl);
      try {
        const say = (text: string) => void process.stdout.write(`${text}\n`);
        const { applied } = await migrateDatabase(connection, { onProgress: say });
        const done = applied.length === 0 ? 'is up to date' : `has ${applied.length} new migrations`;
        say(`${withoutPassword(databaseUrl)} ${done}`);
      } finally {
        await connection.close();
      }
    }),
});

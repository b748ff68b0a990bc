import { loadConfig, withoutPassword } from '../config/config.ts';
import { openMigrationConnection } from '../storage/create-store.ts';
import { migrate as migrateDatabase } from '../storage/migrator/migrate.ts';
import { withClearFailures } from './failures.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale migrate`: migrates the database to the schema of this version, then exits. */
export const migrate = defineCommand({
  meta: {
    name: 'migrate',
    description: 'Migrate the database of DATABASE_URL to the schema of this version.',
  },
  args: JSON_ARGUMENT,
  examples: [['telltale migrate', 'Migrate before a new version starts, such as in a deployment']],
  run: ({ args }) =>
    withClearFailures(async () => {
      const { databaseUrl } = loadConfig(process.env);
      const connection = await openMigrationConnection(databaseUrl);
      try {
        const { applied, backup = null } = await migrateDatabase(connection, {
          onProgress: (text) => void process.stderr.write(`${text}\n`),
        });
        printResult(
          { database: withoutPassword(databaseUrl), applied, backup },
          { json: args.json, render: renderMigrations },
        );
      } finally {
        await connection.close();
      }
    }),
});

function renderMigrations({ database, applied }: { database: string; applied: readonly string[] }): string {
  return `${database} ${applied.length === 0 ? 'is up to date' : `has ${applied.length} new migrations`}\n`;
}

import { loadConfig, withoutPassword } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import { datasets, states } from '../declarations/registry.ts';
import { openBackups } from '../storage/backups/open-backups.ts';
import {
  type MigrationPreview,
  migrateDatabase,
  previewMigration,
} from '../storage/migrator/migrate-database.ts';
import { megabytes } from './backups/render.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale migrate`: migrates the database to the schema of this version, then exits. */
export const migrate = defineCommand({
  meta: {
    name: 'migrate',
    description: 'Migrate the database of DATABASE_URL to the schema of this version.',
  },
  args: {
    'dry-run': { type: 'boolean', description: 'Only show what would be done', default: false },
    backup: {
      type: 'boolean',
      description: 'Back up the database first; --no-backup does not',
      default: true,
    },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale migrate --dry-run', 'Show which migrations are pending, and where the backup goes'],
    ['telltale migrate', 'Migrate before a new version starts, for example in a deployment'],
  ],
  async run({ args }) {
    const config = loadConfig(process.env);
    const { directUrl: databaseUrl } = config;
    const onProgress = (text: string): void => void process.stderr.write(`${text}\n`);
    const backups = await openBackups(config, systemClock, onProgress);
    const database = withoutPassword(config.databaseUrl);
    if (args['dry-run']) {
      const preview = await previewMigration({ databaseUrl, backups });
      printResult({ database, ...preview }, { json: args.json, render: renderPreview });
      return;
    }
    const { applied, backup } = await migrateDatabase({
      ...{ databaseUrl, backups, clock: systemClock, declared: [...datasets, ...states], onProgress },
      policy: args.backup ? config.backups.beforeMigration : 'off',
    });
    printResult({ database, applied, backup }, { json: args.json, render: renderMigrations });
  },
});

function renderMigrations({ database, applied }: { database: string; applied: readonly string[] }): string {
  return `${database} ${applied.length === 0 ? 'is up to date' : `has ${applied.length} new migrations`}\n`;
}

const roomIn = (freeBytes: number | null): string =>
  freeBytes === null ? '' : `, where ${megabytes(freeBytes)} are free`;

function renderPreview({ database, pending, backup }: MigrationPreview & { database: string }): string {
  if (pending.length === 0) return `${database} is up to date\n`;
  const names = pending.map((name) => `  ${name}\n`).join('');
  const copy =
    backup === null
      ? 'No backup would be made: the database is empty.\n'
      : `First, it would make a backup of at most ${megabytes(backup.bytes)} in ${backup.folder}` +
        `${roomIn(backup.freeBytes)}.\n${backup.problem === null ? '' : `${backup.problem}\n`}`;
  return `${database} would be migrated:\n${names}${copy}`;
}

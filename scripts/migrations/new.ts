// `npm run migration:new -- <name>`: writes the differences between the models and the
// migrations as the next migration of each database. Read it before you commit it: a renamed column
// becomes one that is dropped and one that is added.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { dialects } from '../prepare/schemas.mjs';
import type { Dialect } from './schema-engine.ts';
import { missingSql } from './scratch.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) {
  console.error('Usage: npm run migration:new -- <name>, such as add_alerts: lower case, words joined by _');
  process.exit(2);
}

// Computes all differences before it writes the first file, so that a failure leaves nothing half
// written. Both databases use one number, so that a migration has the same name in both.
const steps: { dialect: Dialect; sql: string }[] = [];
for (const dialect of dialects) steps.push({ dialect, sql: await missingSql(dialect) });
const folder = `${String(await nextNumber()).padStart(4, '0')}_${name}`;

for (const { dialect, sql } of steps) {
  if (sql === '') {
    console.log(`${dialect}: nothing to do`);
    continue;
  }
  const target = join(migrationsFolder(dialect), folder);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'migration.sql'), sql);
  console.log(`${dialect}: ${join(target, 'migration.sql')}`);
}

async function nextNumber(): Promise<number> {
  const lists = await Promise.all(dialects.map((dialect) => readMigrations(migrationsFolder(dialect))));
  return 1 + Math.max(0, ...lists.flat().map((migration) => Number.parseInt(migration.name, 10)));
}

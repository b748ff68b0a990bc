import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../package-folder.ts';
import type { Dialect } from '../store.ts';
import type { Migration } from './migration.ts';

/** The folder with the migrations of this package. */
export const migrationsFolder = (dialect: Dialect): string =>
  join(packageFolder(), 'prisma', 'migrations', dialect);

/** The migrations of a folder in their order; none if the folder does not exist. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

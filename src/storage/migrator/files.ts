import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dialect } from '../store.ts';
import type { Migration } from './migration.ts';

/**
 * Where the migrations of this package lie. Found by going up to package.json, because this file runs from src and from
 * dist.
 */
export function migrationsFolder(dialect: Dialect): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('The package of this file was not found.');
    folder = above;
  }
  return join(folder, 'prisma', 'migrations', dialect);
}

/** The migrations of a folder in their order; none where the folder does not exist. */
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

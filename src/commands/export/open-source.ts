import { existsSync } from 'node:fs';
import { isProjectId } from '../../access/projects.ts';
import { withoutPassword } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { datasets, states } from '../../declarations/registry.ts';
import { createStore, openMigrationConnection } from '../../storage/create-store.ts';
import { fileOfUrl } from '../../storage/dialect/sqlite/location.ts';
import { migrationsFolder, readMigrations } from '../../storage/migrator/files.ts';
import { readHistory } from '../../storage/migrator/history.ts';
import { planMigrations } from '../../storage/migrator/plan.ts';
import type { Store } from '../../storage/store.ts';
import { UsageError } from '../import/options.ts';

/**
 * Opens a database for reading, even beside a running server. Unlike the server, it creates and
 * migrates nothing.
 *
 * @throws UsageError if the file does not exist, CONFLICT if the database is older than this
 *   version, MigrationError if it is newer
 */
export async function openSource(url: string): Promise<Store> {
  await expectThisVersion(url);
  return createStore({ url, datasets, states });
}

/** @throws as `openSource` */
export async function expectThisVersion(url: string): Promise<void> {
  if (url.startsWith('file:') && !existsSync(fileOfUrl(url)))
    throw new UsageError(`There is no database ${fileOfUrl(url)}.`);
  const connection = await openMigrationConnection(url);
  try {
    const available = await readMigrations(migrationsFolder(connection.dialect));
    const [pending] = planMigrations(available, await readHistory(connection));
    if (pending === undefined) return;
    throw new TelltaleError(
      'CONFLICT',
      `${withoutPassword(url)} has an older schema: it lacks the migration ${pending.name}. Run ` +
        'telltale migrate first.',
    );
  } finally {
    await connection.close();
  }
}

/** @throws UsageError if there is no such project; the message lists the existing ones */
export async function expectProject({ prisma }: Pick<Store, 'prisma'>, projectId: string): Promise<void> {
  const found = isProjectId(projectId) && (await prisma.project.findUnique({ where: { projectId } }));
  if (found) return;
  const some = await prisma.project.findMany({ orderBy: { projectId: 'asc' }, take: 10 });
  const names = some.map((project) => project.projectId).join(', ');
  throw new UsageError(`--project: there is no project ${projectId}. There are: ${names}.`);
}

import { rmSync } from 'node:fs';
import { fromSource } from './paths.ts';

/** Makes an empty database with Telltale's tables and indexes, in WAL mode. */
export async function createDatabase(file: string): Promise<void> {
  removeDatabase(file);
  const { openMigrationConnection } =
    await fromSource<typeof import('../../src/storage/create-store.ts')>('storage/create-store.ts');
  const { migrate } = await fromSource<typeof import('../../src/storage/migrator/migrate.ts')>(
    'storage/migrator/migrate.ts',
  );
  const connection = await openMigrationConnection(`file:${file}`);
  try {
    await migrate(connection);
  } finally {
    await connection.close();
  }
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

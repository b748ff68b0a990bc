import type { EntityTable } from '../../core/dataset/table.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import { databases } from './databases.ts';
import { MigrationError } from './migration.ts';

/**
 * Checks that each declaration has its table, so that a forgotten migration shows at the start.
 * Call it after the migrations.
 *
 * @throws MigrationError if a declared table is missing.
 */
export async function expectTables(
  connection: MigrationConnection,
  declared: readonly Pick<EntityTable, 'name' | 'table'>[],
): Promise<void> {
  const { hasTable } = databases[connection.dialect];
  for (const { name, table } of declared) {
    if (await hasTable(connection, table)) continue;
    throw new MigrationError(
      `No migration makes the table ${table}, which ${name} is declared to be stored in. ` +
        `Write it with npm run migration:new -- add_${table}; when that finds nothing to do, the model is mapped to another table.`,
    );
  }
}

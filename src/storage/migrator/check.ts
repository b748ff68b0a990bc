import type { EntityTable } from '../../core/dataset/table.ts';
import { messageOf } from '../../core/thrown.ts';
import type { PlacedTable } from '../dialect/postgresql/citus/layout.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import { databases } from './databases.ts';
import { MigrationError } from './migration.ts';

/** What a declaration says about its table. */
export interface DeclaredTable extends Pick<EntityTable, 'name' | 'table'>, PlacedTable {
  readonly columns?: readonly { readonly sqlName: string }[];
}

/**
 * Checks that each declaration has its table with all columns, so that a forgotten migration shows
 * at startup. Call it after the migrations.
 *
 * @throws MigrationError if a declared table or column is missing.
 */
export async function expectTables(
  connection: MigrationConnection,
  declared: readonly DeclaredTable[],
): Promise<void> {
  const tables = new Set(await databases[connection.dialect].tables(connection));
  for (const { name, table } of declared) {
    if (!tables.has(table)) {
      throw new MigrationError(
        `No migration creates the table ${table}, in which ${name} is declared to be stored. Write ` +
          `one with npm run migration:new -- add_${table}; if that finds nothing to do, the model is ` +
          'mapped to another table.',
      );
    }
  }
  await expectColumns(connection, declared);
}

/** One request for all tables, because a server has many when it starts. */
async function expectColumns(
  connection: MigrationConnection,
  declared: readonly DeclaredTable[],
): Promise<void> {
  const statements = declared.flatMap(({ table, columns = [] }) => {
    // SQLite takes a name in double quotes for text if no column has it, unless the name is
    // qualified.
    const names = columns.map(({ sqlName }) => `"${table}"."${sqlName}"`);
    return names.length === 0 ? [] : [`SELECT ${names.join(', ')} FROM "${table}" WHERE 1 = 0`];
  });
  if (statements.length === 0) return;
  try {
    await connection.script(statements.join(';\n'));
  } catch (error) {
    throw new MigrationError(`The database lacks what is declared: ${messageOf(error)}.`, { cause: error });
  }
}

/** The number of rows in each of these tables that exists. */
export async function countRows(
  connection: MigrationConnection,
  declared: readonly DeclaredTable[],
): Promise<ReadonlyMap<string, number>> {
  const tables = new Set(await databases[connection.dialect].tables(connection));
  const counts = new Map<string, number>();
  for (const { table } of declared) {
    if (!tables.has(table)) continue;
    const [count] = await connection.query(`SELECT count(*) AS rows FROM "${table}"`);
    counts.set(table, Number(count?.['rows']));
  }
  return counts;
}

/**
 * Checks a database after its migrations, before they are committed: its pages and indexes, foreign
 * keys, the declared tables, and that none has fewer rows than before.
 *
 * @throws MigrationError that says what is wrong
 */
export async function checkMigrated(
  connection: MigrationConnection,
  declared: readonly DeclaredTable[],
  before: ReadonlyMap<string, number>,
): Promise<void> {
  const problems = [...(await databases[connection.dialect].findDamage(connection))];
  await expectTables(connection, declared).catch((error: unknown) => problems.push(messageOf(error)));
  const after = problems.length > 0 ? before : await countRows(connection, declared);
  for (const [table, rows] of before) {
    const left = after.get(table) ?? 0;
    if (left < rows) problems.push(`${table} has ${left} rows, and had ${rows}.`);
  }
  if (problems.length === 0) return;
  throw new MigrationError(
    `The database is not in order after the migration, which was rolled back: ${problems.join(' ')}`,
  );
}

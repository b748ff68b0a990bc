import { codeOf, messageOf } from '../../../../core/thrown.ts';
import type { MigrationConnection } from '../../../migration-connection.ts';
import { MigrationError } from '../../../migrator/migration.ts';
import { CELLS, KEY_OF_CELLS, KEY_OF_EVENTS, type PlacedTable, spreadTables } from './layout.ts';

/**
 * Instances that start at the same time spread the tables one after another. An arbitrary constant.
 */
const LOCK = 0x7e117a1f;
/** What Citus refuses: a trigger, and a table that references others or is referenced by them. */
const REFUSED = '0A000';

/**
 * Spreads the tables of events and the cells over the nodes of Citus, if the database has it and at
 * least one node that takes shards. A table that is already spread stays as it is. Each table is
 * spread in a separate transaction, during which nobody may write to it; its rows are copied to the
 * nodes, and then removed from the coordinator.
 *
 * @returns the tables that this call has spread
 * @throws MigrationError if Citus refuses a table, or if nodes lack room for prepared transactions
 */
export async function distributeTables(
  connection: MigrationConnection,
  declared: readonly PlacedTable[],
  onProgress: (text: string) => void,
): Promise<readonly string[]> {
  if (connection.dialect !== 'postgresql' || !(await isCluster(connection))) return [];
  await connection.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    const tables = spreadTables(declared);
    const { spread, copied } = await readSpread(connection);
    for (const table of tables) if (copied.has(table)) await removeCopied(connection, table);
    const missing = tables.filter((table) => !spread.has(table));
    // Only if needed, because otherwise a node that is away would keep a server from starting.
    if (missing.length > 0) await expectPreparedTransactions(connection);
    for (const table of missing) {
      onProgress(`distributing ${table} over the nodes of Citus`);
      await distribute(connection, table);
    }
    return missing;
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

async function isCluster(connection: MigrationConnection): Promise<boolean> {
  const extension = await connection.query(`select 1 from pg_extension where extname = 'citus'`);
  if (extension.length === 0) return false;
  const nodes = await connection.query('select 1 from pg_dist_node where shouldhaveshards limit 1');
  return nodes.length > 0;
}

interface Spread {
  readonly spread: ReadonlySet<string>;
  /** Tables whose rows are still on the coordinator: an earlier run was interrupted. */
  readonly copied: ReadonlySet<string>;
}

async function readSpread(connection: MigrationConnection): Promise<Spread> {
  const rows = await connection.query(
    `select relname as name, pg_relation_size(logicalrelid) > 0 as copied
      from pg_dist_partition join pg_class on pg_class.oid = logicalrelid`,
  );
  const namesOf = (found: typeof rows) => new Set(found.map(({ name }) => String(name)));
  return { spread: namesOf(rows), copied: namesOf(rows.filter(({ copied }) => copied === true)) };
}

async function distribute(connection: MigrationConnection, table: string): Promise<void> {
  const key = table === CELLS ? KEY_OF_CELLS : KEY_OF_EVENTS;
  try {
    await connection.query(`select create_distributed_table(quote_ident($1), $2, colocate_with => 'none')`, [
      table,
      key,
    ]);
  } catch (error) {
    if (codeOf(error) !== REFUSED) throw error;
    throw new MigrationError(`Citus cannot spread the table ${table}: ${messageOf(error)}`, { cause: error });
  }
  await removeCopied(connection, table);
}

/** The rows of the coordinator have been copied. They are hidden, but still take space. */
async function removeCopied(connection: MigrationConnection, table: string): Promise<void> {
  await connection.query('select truncate_local_data_after_distributing_table(quote_ident($1)::regclass)', [
    table,
  ]);
}

/** An append reaches several nodes, which commit together by prepared transactions. */
async function expectPreparedTransactions(connection: MigrationConnection): Promise<void> {
  const nodes = await connection.query(
    `select nodename || ':' || nodeport as node from run_command_on_all_nodes('show max_prepared_transactions')
      join pg_dist_node using (nodeid) where success and result = '0' order by 1`,
  );
  if (nodes.length === 0) return;
  throw new MigrationError(
    `Citus commits on several nodes by prepared transactions, which ${nodes.map(({ node }) => node).join(', ')} ` +
      'cannot make: set max_prepared_transactions to max_connections there, and restart it.',
  );
}

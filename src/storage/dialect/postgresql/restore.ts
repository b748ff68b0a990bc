import type pg from 'pg';
import { TelltaleError } from '../../../core/errors.ts';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import type { Contents } from '../../backups/backup.ts';
import type { CountedTable, RestoreTarget } from '../../backups/format.ts';
import { stampOf } from '../../backups/names.ts';
import { hashFile } from '../../files.ts';
import { readHistory } from '../../migrator/history.ts';
import { isApplied } from '../../migrator/migration.ts';
import { endConnectionsOfCitus, IS_OF_CITUS } from './citus/own-connections.ts';
import { type Connect, connectBeside, connectIfExists, withClient } from './connect-beside.ts';
import { type Tools, urlForTools } from './tools.ts';

interface Options {
  readonly url: string;
  /** The name of the database. */
  readonly name: string;
  readonly tools: Tools;
  /** Connects to the database, or to another one of the same server. */
  readonly connect: Connect;
}

const NOT_PERMITTED = '42501';
const RESTORING = '_restoring_';
/** The most bytes in a name in PostgreSQL. */
const LONGEST_NAME = 63;

/** Restores an archive into a new database, which then takes the name of the former one. */
export function createRestoreTarget(options: Options): RestoreTarget {
  const { name, connect, tools, url } = options;
  return {
    expectUnused: () => withClient(connectBeside(connect), (client) => expectUnused(client, name)),
    rowsSince: (tables, instant) => rowsSince(connect, tables, instant),

    async replaceBy(path, { now, check }) {
      const maintenance = await connectBeside(connect);
      try {
        await dropLeft(maintenance, name);
        const coming = `${name.slice(0, LONGEST_NAME - 30)}${RESTORING}${stampOf(now)}`;
        await createDatabase(maintenance, coming);
        try {
          const { sha256 } = await hashFile(path);
          await tools.run('pg_restore', [
            ...['--no-owner', '--no-privileges', '--exit-on-error', '--no-password'],
            ...[`--dbname=${urlForTools(url, coming)}`, path],
          ]);
          check(await contentsOf(connect, coming), sha256);
          return await swap(maintenance, { name, coming, now });
        } catch (error) {
          await dropDatabase(maintenance, coming);
          throw error;
        }
      } finally {
        await maintenance.end();
      }
    },
  };
}

async function rowsSince(
  connect: Connect,
  tables: readonly CountedTable[],
  instant: number,
): Promise<Record<string, number> | null> {
  const client = await connectIfExists(connect);
  if (client === null) return null;
  return withClient(Promise.resolve(client), async () => {
    const rows: Record<string, number> = {};
    for (const { name, table, storedAt } of tables) {
      rows[name] = 0;
      const { rows: known } = await client.query('select to_regclass($1) is not null as exists', [
        client.escapeIdentifier(table),
      ]);
      if (known[0].exists !== true) continue;
      const found = await client.query(
        `select count(*) as rows from ${client.escapeIdentifier(table)} where ${client.escapeIdentifier(storedAt)} > to_timestamp($1::float8 / 1000)`,
        [instant],
      );
      rows[name] = Number(found.rows[0].rows);
    }
    return rows;
  });
}

async function expectUnused(maintenance: pg.Client, name: string): Promise<void> {
  const { rows } = await maintenance.query(
    `select coalesce(nullif(application_name, ''), 'without a name') as program, count(*) as connections
       from pg_stat_activity where datname = $1 and not (${IS_OF_CITUS}) group by 1 order by 1`,
    [name],
  );
  if (rows.length === 0) return;
  const users = rows.map(({ program, connections }) => `${program} (${connections})`).join(', ');
  throw new TelltaleError(
    'CONFLICT',
    `Servers or other programs are using the database ${name}: ${users}. Stop them first. Nothing ` +
      'was changed.',
  );
}

/** Removes the databases that killed processes left behind. */
async function dropLeft(maintenance: pg.Client, name: string): Promise<void> {
  const { rows } = await maintenance.query(
    `select datname from pg_database
      where starts_with(datname, $1) and not exists (select from pg_stat_activity
        where pg_stat_activity.datname = pg_database.datname and not (${IS_OF_CITUS}))`,
    [`${name.slice(0, LONGEST_NAME - 30)}${RESTORING}`],
  );
  for (const { datname } of rows) await dropDatabase(maintenance, datname);
}

async function dropDatabase(maintenance: pg.Client, name: string): Promise<void> {
  await endConnectionsOfCitus(maintenance, name);
  await maintenance.query(`drop database if exists ${maintenance.escapeIdentifier(name)}`);
}

async function createDatabase(maintenance: pg.Client, name: string): Promise<void> {
  try {
    await maintenance.query(
      `create database ${maintenance.escapeIdentifier(name)} template template0 encoding 'UTF8'`,
    );
  } catch (error) {
    if (codeOf(error) !== NOT_PERMITTED) throw error;
    throw new TelltaleError(
      'CONFLICT',
      `${maintenance.user} may not create databases (${messageOf(error)}). Give it that right (ALTER ROLE … CREATEDB), or ` +
        'restore by hand: createdb NEW, pg_restore --no-owner --exit-on-error --dbname=NEW FILE, then point DATABASE_URL to NEW.',
    );
  }
}

async function contentsOf(connect: Options['connect'], database: string): Promise<Contents> {
  const client = await connect(database);
  try {
    const query = async (sql: string, parameters: readonly unknown[] = []) =>
      (await client.query(sql, [...parameters])).rows;
    const tables = await query(
      `select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    const rows: Record<string, number> = {};
    for (const { name } of tables) {
      const [count] = await query(`select count(*) as rows from public.${client.escapeIdentifier(name)}`);
      rows[name] = Number(count.rows);
    }
    const history = await readHistory({ dialect: 'postgresql', query });
    return { rows, migrations: history.filter(isApplied).map(({ name }) => name) };
  } finally {
    await client.end();
  }
}

/**
 * Both names change in one transaction, so at any moment the database is either the former or the
 * new one.
 */
async function swap(
  maintenance: pg.Client,
  { name, coming, now }: { readonly name: string; readonly coming: string; readonly now: number },
): Promise<string | null> {
  const kept = `${name.slice(0, LONGEST_NAME - 30)}_replaced_${stampOf(now)}`;
  const quote = (text: string) => maintenance.escapeIdentifier(text);
  await expectUnused(maintenance, name);
  for (const database of [name, coming]) await endConnectionsOfCitus(maintenance, database);
  const { rowCount } = await maintenance.query('select from pg_database where datname = $1', [name]);
  await maintenance.query('begin');
  try {
    if (rowCount === 1) await maintenance.query(`alter database ${quote(name)} rename to ${quote(kept)}`);
    await maintenance.query(`alter database ${quote(coming)} rename to ${quote(name)}`);
    await maintenance.query('commit');
  } catch (error) {
    await maintenance.query('rollback');
    throw error;
  }
  return rowCount === 1 ? kept : null;
}

import type pg from 'pg';
import { defined } from '../../../core/defined.ts';
import type { Inspection } from '../../inspection.ts';
import { inspectCluster } from './citus/inspect-cluster.ts';

/** Inspects PostgreSQL on a connection that may only read. */
export function inspectPostgresql(client: pg.Client): Inspection {
  const query: Inspection['query'] = async (sql, parameters = []) =>
    (await client.query(sql, [...parameters])).rows;
  return {
    dialect: 'postgresql',
    query,
    milliseconds: (column) => `(extract(epoch from ${column}) * 1000)::float8`,
    instant: (milliseconds) => `to_timestamp(${Math.trunc(milliseconds)} / 1000.0)`,
    async facts(tables) {
      const before = Date.now();
      const [row] = await query(
        `select current_setting('server_version') as version, pg_is_in_recovery() as replica,
                pg_database_size(current_database())::float8 as bytes, current_user as role,
                (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
      );
      const { version, replica, bytes, role, now } = defined(row);
      // Half the round trip, so that a slow network does not look like a wrong clock.
      const travel = (Date.now() - before) / 2;
      return {
        version: String(version),
        bytes: Number(bytes),
        now: Number(now) + travel,
        readOnly: replica
          ? 'the server is a replica, which only reads'
          : await missingPrivilege(query, tables, String(role)),
      };
    },
    cluster: () => inspectCluster(query),
    close: () => client.end(),
  };
}

async function missingPrivilege(
  query: Inspection['query'],
  tables: readonly string[],
  role: string,
): Promise<string | null> {
  const rows = await query(
    `select name from unnest($1::text[]) as name
      where to_regclass(quote_ident(name)) is not null
        and not (has_table_privilege(quote_ident(name), 'SELECT') and has_table_privilege(quote_ident(name), 'INSERT')
             and has_table_privilege(quote_ident(name), 'UPDATE') and has_table_privilege(quote_ident(name), 'DELETE'))
      order by name`,
    [tables],
  );
  const names = rows.map(({ name }) => String(name));
  return names.length === 0 ? null : `the role ${role} may not read and write ${names.join(', ')}`;
}

import { type RawBuilder, sql } from 'kysely';
import type { NumberedTable, SqlFunctions } from '../../functions.ts';
import { APPEND_LOCK, SLOT_LOCK } from '../append-lock.ts';
import { RESERVED_AT_ONCE } from '../arrivals.ts';
import { FIRST_OF_NEXT, FIRST_OF_WRITER } from '../functions.ts';

/**
 * The last number of each writer. It is among those that the writer reserved last, or else precedes
 * all of them because none was used yet.
 */
export const arrivalsOf = ({ name, table }: NumberedTable): RawBuilder<string> =>
  sql`(select coalesce(json_object_agg(writer, last), '{}') from (
      select writer, max(last) as last from (
        select writer, before as last from ${reserved(name)} as reserved
        union all
        select reserved.writer, event.arrival from ${reserved(name)} as reserved
        join ${sql.table(table)} as event on event.arrival > reserved.before and event.arrival < reserved.until
        offset 0
      ) as known group by writer
    ) as found)`;

export const arrivedAfter = ({ name, table }: NumberedTable, arrivals: string) => {
  const last = sql`cast(cast(${arrivals} as json) ->> cast(writer as text) as int8)`;
  return sql<Record<string, unknown>>`(select event.* from (
      select coalesce(${last}, ${FIRST_OF_WRITER}) as after, ${FIRST_OF_NEXT} as until
      from arrivals where dataset = ${name} offset 0
    ) as known join ${sql.table(table)} as event on event.arrival > known.after and event.arrival < known.until)`;
};

/** One select per range, because a row cannot be used to seek in a spread table. */
export const arrivedWithin: SqlFunctions['arrivedWithin'] = ({ table }, ranges, limit) => {
  const selects = ranges.map(
    ({ after, upTo }) => sql`(select *, arrival as arrived from ${sql.table(table)}
      where arrival > ${after} and arrival <= ${upTo} order by arrival fetch first ${sql.lit(limit)} rows with ties)`,
  );
  return sql`(select * from (${sql.join(selects, sql` union all `)}) as found order by arrived)`;
};

/**
 * The session of a writer holds the lock of its slot, and holds that of appends until a commit has
 * reached all nodes. The first lock has two keys (`objsubid` 2), the second has one.
 */
export const appending = sql<{ writer: number }>`(select cast(slot.objid as int4) as writer
  from pg_locks as slot join pg_locks as append using (pid, database)
  where slot.locktype = 'advisory' and slot.objsubid = 2 and slot.classid = ${sql.lit(SLOT_LOCK)} and slot.granted
    and append.locktype = 'advisory' and append.objsubid = 1 and append.classid = 0
    and append.objid = ${sql.lit(APPEND_LOCK)} and append.granted
    and database = (select oid from pg_database where datname = current_database()))`;

/**
 * The numbers that each writer may have used or may use next. `offset` makes the database read them
 * first.
 */
const reserved = (dataset: string) =>
  sql`(select writer, ${FIRST_OF_WRITER} + last - ${sql.lit(RESERVED_AT_ONCE)} as before, ${FIRST_OF_NEXT} as until
    from arrivals where dataset = ${dataset} offset 0)`;

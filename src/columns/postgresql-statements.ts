import type { Column, ColumnKind } from '../core/dataset/column.ts';
import { NUMBERS_PER_SLOT } from '../storage/dialect/postgresql/arrivals.ts';
import { heldColumns } from './held-columns.ts';
import { type CopiedDataset, MAX_ROWS_BEHIND } from './row-source.ts';

/** The migration that gave events their numbers. */
const NUMBERING = '0020_arrivals';

/** SQL that turns a column into the form that the copy holds. Other kinds are held as they are. */
const HELD: Partial<Readonly<Record<ColumnKind, (name: string) => string>>> = {
  boolean: (name) => `${name}::int`,
  timestamp: (name) => milliseconds(name),
  json: (name) => `${name}::text`,
};

/** Exact, because PostgreSQL extracts a decimal number. */
const milliseconds = (name: string): string => `(extract(epoch from ${name}) * 1000)::int8`;

/** Projects removed after a number, and those that are being removed. */
export const REMOVED = `select project_id from project_removals where number > $1
  union select project_id from projects where deleting_at is not null`;
export const REMOVAL = 'select project_id from project_removals where number = $1';
export const EXPIRED = `select dataset, project_id, instant from retention_horizons where source = 'RAW'`;
/** The id of a correction. */
export const CORRECTION = 'select id from row_corrections where number = $1';
/** The number of rows that are corrected in one statement. */
const CORRECTED_ROWS = 4_096;
/** Sorts after all other ids. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The rows of a project, `$1`, after a time and id, `$2` and `$3`, until the time `$4`: their
 * count, the time and id of the last one, and the lists of ids and corrected columns.
 */
export function correctedPage({ table, corrected }: CopiedDataset): string {
  const held = heldColumns({ columns: corrected }).map(({ column }) => heldValue(column));
  const lists = ['event.id::text', ...held].map((value) => `json_agg(${value})::text`).join(', ');
  return `select count(*)::int, (array_agg(${milliseconds('event.timestamp')}))[count(*)::int],
      (array_agg(event.id))[count(*)::int]::text, ${lists}
    from (select * from "${table}" where project_id = $1 and (timestamp, id) > (${instantOf('$2')}, $3::uuid)
      and timestamp <= ${instantOf('$4')} order by timestamp, id limit ${CORRECTED_ROWS}) as event`;
}

/** Exact: whole milliseconds, added to an instant. */
const instantOf = (parameter: string): string =>
  `('epoch'::timestamptz + ${parameter}::int8 * interval '1 millisecond')`;

/** The last reserved number of each writer, and the migration that numbered the arrivals. */
export const RESERVED = `select ${numberedBy()},
  coalesce((select json_object_agg(writer, last) from arrivals where dataset = $1), '{}')`;

/** Rows of these writers between two arrivals, each writer's rows in their order. */
const ofWriters = (table: string, columns: string, limit: string): string =>
  `unnest($1::int8[], $2::int8[]) as writer (after, until) cross join lateral (
     select ${columns} from "${table}" where arrival > writer.after and arrival < writer.until ${limit}) as event`;

/**
 * In one statement, and so in one snapshot: the migration that numbered the arrivals; the last
 * arrival of each writer; the projects removed after the removal `$1`; the first correction after
 * `$3`, and the last one. `$2` is the name of the dataset.
 */
export const committed = ({ table }: CopiedDataset): string => `select ${numberedBy()},
  coalesce((select json_object_agg(writer, (
    select coalesce(max(arrival), 0) from "${table}"
    where arrival > writer * ${NUMBERS_PER_SLOT}::int8 and arrival < (writer + 1) * ${NUMBERS_PER_SLOT}::int8))
    from arrivals where dataset = $2), '{}'),
  coalesce((select json_agg(json_build_object('number', number, 'projectId', project_id) order by number)
    from project_removals where number > $1), '[]'),
  (select json_build_object('number', number, 'id', id, 'projectId', project_id, 'first', first, 'last', last)::text
    from row_corrections where dataset = $2 and number > $3 order by number limit 1),
  (select json_build_object('number', number, 'id', id)::text
    from row_corrections where dataset = $2 order by number desc limit 1)`;

/** A page of rows with numbers: their count and the lists. Rows of one append come together. */
export const numberedPage = (dataset: CopiedDataset, ofEach: number): string =>
  `select count(*)::int, ${lists(dataset)} from ${ofWriters(dataset.table, '*', `order by arrival fetch first ${ofEach} rows with ties`)}`;

/** How many rows follow, unless they are too many to count. */
export const countNumbered = ({ table }: CopiedDataset): string => {
  const limit = `limit ${MAX_ROWS_BEHIND + 1}`;
  return `select count(*)::int from (select 1 from ${ofWriters(table, '1', limit)} ${limit}) as counted`;
};

/**
 * A page of rows without numbers in the order of their keys, from the beginning or after a key;
 * with the key of the last row.
 */
export function unnumberedPage(dataset: CopiedDataset, limit: number, isFirst: boolean): string {
  const after = isFirst ? '' : 'and (project_id, id) > ($1, $2::uuid)';
  return `select count(*)::int, (array_agg(project_id))[count(*)::int], (array_agg(id))[count(*)::int]::text, ${lists(dataset)}
    from (select * from "${dataset.table}" where arrival is null ${after}
      order by project_id, id limit ${limit}) as event`;
}

/** The last row of each append; `$1` are the arrivals. */
export const lastRows = ({ table }: CopiedDataset): string =>
  `select ${WITNESS} from unnest($1::int8[]) as last (number) cross join lateral (
     select * from "${table}" where arrival = last.number limit 1) as event`;

/**
 * The arrivals of the rows with these keys: `$1` are the projects, `$2` the ids. Null where no such
 * row exists.
 */
export const arrivalsByKey = ({ table }: CopiedDataset): string =>
  `select (select coalesce(arrival, 0) from "${table}" as event
     where event.project_id = given.project_id and event.id = given.id)
   from unnest($1::text[], $2::uuid[]) with ordinality as given (project_id, id, number) order by number`;

/** The values that a witness remembers. */
const WITNESS = `coalesce(arrival, 0), project_id, id::text, ${milliseconds('timestamp')}, ${milliseconds('received_at')}`;

/** One row by its key. */
export const rowByKey = ({ table }: CopiedDataset): string =>
  `select ${WITNESS} from "${table}" where project_id = $1 and id = $2::uuid`;

function lists(dataset: CopiedDataset): string {
  const held = heldColumns(dataset).map(({ column }) => heldValue(column));
  return ['coalesce(arrival, 0)', ...held].map((value) => `json_agg(${value})::text`).join(', ');
}

function heldValue({ kind, sqlName }: Column): string {
  const name = `event."${sqlName}"`;
  return HELD[kind]?.(name) ?? name;
}

function numberedBy(): string {
  return `(select id from _prisma_migrations where migration_name = '${NUMBERING}'
    and finished_at is not null and rolled_back_at is null)`;
}

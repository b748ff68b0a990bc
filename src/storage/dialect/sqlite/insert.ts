import type { Row } from '../../../core/dataset/row.ts';
import type { DatasetData } from '../append-request.ts';
import type { Connection } from './driver.ts';
import { toBindable } from './tallies.ts';

/**
 * Inserts a row: an event under its number, a state under a number that SQLite chooses. Returns
 * false if a row with the id already exists.
 */
export type InsertRow = (row: Row, arrival: number | null) => boolean;

/** For fewer rows, finding out which columns have values costs more than it saves. */
const MANY_ROWS = 100;
/** Calls of one client mostly have values in the same columns. */
const MAX_STATEMENTS = 16;

/**
 * Creates a function that returns how to insert some rows. About half of the columns of an event
 * have no value. Binding a null costs 30 ns, so columns without a value in any of many rows are
 * left out.
 */
export function createInsert(
  connection: Connection,
  dataset: DatasetData,
): (rows: readonly Row[]) => InsertRow {
  const all = dataset.columns.map((_, index) => index);
  const insertAll = prepareInsert(connection, dataset, all);
  /** Keyed by their columns, in the order of last use. */
  const known = new Map<string, InsertRow>();
  const always = columnsWithDefaults(connection, dataset);

  return (rows) => {
    if (rows.length < MANY_ROWS) return insertAll;
    const used = all.filter(
      (index) => always.has(index) || rows.some((row) => (row[index] ?? null) !== null),
    );
    if (used.length === all.length) return insertAll;
    const key = used.join();
    const insert = known.get(key) ?? prepareInsert(connection, dataset, used);
    known.delete(key);
    known.set(key, insert);
    const [oldest] = known.keys();
    if (known.size > MAX_STATEMENTS && oldest !== undefined) known.delete(oldest);
    return insert;
  };
}

/** A column that is left out would get its default. */
function columnsWithDefaults(connection: Connection, { table, columns }: DatasetData): ReadonlySet<number> {
  const found = connection
    .prepare<[string], { readonly name: string }>(
      'select name from pragma_table_info(?) where dflt_value is not null',
    )
    .all(table);
  return new Set(found.map(({ name }) => columns.findIndex(({ sqlName }) => sqlName === name)));
}

function prepareInsert(connection: Connection, dataset: DatasetData, used: readonly number[]): InsertRow {
  const names = used.map((index) => `"${dataset.columns[index]?.sqlName}"`).join(', ');
  const statement = connection.prepare(
    `insert into "${dataset.table}" (${names}, rowid) values (${used.map(() => '?').join(', ')}, ?)
     on conflict (project_id, id) do nothing`,
  );
  const count = used.length;
  const bound: (string | number | null)[] = Array.from({ length: count + 1 }, () => null);
  return (row, arrival) => {
    for (let index = 0; index < count; index++) bound[index] = toBindable(row[used[index] as number] ?? null);
    bound[count] = arrival;
    return statement.run(bound).changes === 1;
  };
}

import type { DatasetData } from '../append-request.ts';
import type { Connection } from './driver.ts';

/** Only one process at a time writes the file, so all numbers have the same writer. */
const WRITER = 0;

/**
 * The numbers of a dataset's events in the order in which they were stored. The number of an event
 * is its rowid, which SQLite would reuse after the newest rows were deleted.
 */
export interface Arrivals {
  /** The last number that was assigned. 0: none was. */
  last(): number;
  /** Call it in the transaction that stored the rows. */
  save(last: number): void;
}

export function createArrivals(
  connection: Connection,
  { name, table }: Pick<DatasetData, 'name' | 'table'>,
): Arrivals {
  // Also checks the table, because rows inserted by another tool took numbers of their own.
  const select = connection
    .prepare<[string], number>(
      `select max(
         coalesce((select last from arrivals where dataset = ? and writer = ${WRITER}), 0),
         coalesce((select max(rowid) from "${table}"), 0))`,
    )
    .pluck();
  const upsert = connection.prepare(
    `insert into arrivals (dataset, writer, last) values (?, ${WRITER}, ?)
     on conflict do update set last = excluded.last where last < excluded.last`,
  );
  return {
    last: () => select.get(name) ?? 0,
    save: (last) => {
      upsert.run(name, last);
    },
  };
}

import type { ColumnValue } from '../../../core/dataset/column.ts';
import type { Row } from '../../../core/dataset/row.ts';
import { mergeTally, type Tallied } from '../../../core/dataset/tallied.ts';
import type { Connection } from './driver.ts';

/**
 * Creates a function that adds new events, already added up in a row of their state, to the stored
 * state.
 */
export function createTallyWriter(connection: Connection): (tallied: Tallied, row: Row) => void {
  const writers = new Map<string, (row: Row) => void>();
  return (tallied, row) => {
    const writer = writers.get(tallied.table) ?? writerOf(connection, tallied);
    writers.set(tallied.table, writer);
    writer(row);
  };
}

function writerOf(connection: Connection, tallied: Tallied): (row: Row) => void {
  const { table, columns, projectAt, idAt } = tallied;
  const names = columns.map(({ sqlName }) => `"${sqlName}"`);
  const select = connection
    .prepare<unknown[], Row>(`select ${names.join(', ')} from "${table}" where project_id = ? and id = ?`)
    .raw();
  const upsert = connection.prepare(
    `insert into "${table}" (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
     on conflict (project_id, id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  return (row) => {
    const stored = select.get(row[projectAt], row[idAt]);
    if (stored !== undefined) mergeTally(tallied, row, stored);
    upsert.run(row.map(toBindable));
  };
}

/** Numbers are bound unchanged: the type of the column converts doubles that are integers. */
export function toBindable(value: ColumnValue): string | number | null {
  return value === true ? 1 : value === false ? 0 : value;
}

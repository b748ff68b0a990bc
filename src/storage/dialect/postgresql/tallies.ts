import { type Row, textAt } from '../../../core/dataset/row.ts';
import { mergeTally, type Tallied } from '../../../core/dataset/tallied.ts';
import type { TallyFold } from '../../../core/dataset/tally-fold.ts';
import { castOf } from './insert-statement.ts';
import { lockStates } from './lock-states.ts';
import type { WriterSession } from './writer-connection.ts';
import { zipJson } from './zip-json.ts';

/**
 * Adds the new events to their states at the end of the transaction. There, all states of all
 * datasets are locked at once and in one order.
 */
export async function saveTallies(
  { client, leave }: Pick<WriterSession, 'client' | 'leave'>,
  tallies: TallyFold,
): Promise<void> {
  for (const { tallied, rows } of tallies.finish()) {
    const ids = JSON.stringify(rows.map((row) => row[tallied.idAt]));
    leave(lockStates(client, ids));
    const { rows: stored } = await client.query<Row>({
      name: `select ${tallied.table}`,
      text: selectStatement(tallied),
      values: [JSON.stringify(rows.map((row) => row[tallied.projectAt])), ids],
      rowMode: 'array',
    });
    const known = new Map(stored.map((row) => [textAt(row, tallied.idAt), row]));
    for (const row of rows) {
      const before = known.get(textAt(row, tallied.idAt));
      if (before !== undefined) mergeTally(tallied, row, before);
    }
    leave(
      client.query({
        name: `upsert ${tallied.table}`,
        text: upsertStatement(tallied),
        values: tallied.columns.map(({ index }) => JSON.stringify(rows.map((row) => row[index]))),
      }),
    );
  }
}

const namesOf = ({ columns }: Tallied): string[] => columns.map(({ sqlName }) => `"${sqlName}"`);

/** The limit makes PostgreSQL look up each state by its key. Otherwise it could scan all states. */
const selectStatement = (tallied: Tallied): string =>
  `select ${namesOf(tallied)
    .map((name) => `state.${name}`)
    .join(', ')}
  from (select c0, c1::uuid from ${zipJson(2)}) as wanted (project_id, id)
  cross join lateral (
    select * from "${tallied.table}" where project_id = wanted.project_id and id = wanted.id limit 1
  ) as state`;

function upsertStatement(tallied: Tallied): string {
  const { table, columns } = tallied;
  const names = namesOf(tallied);
  const values = columns.map((column) => castOf(column, `given.c${column.index}`));
  return `insert into "${table}" (${names.join(', ')}) select ${values.join(', ')} from ${zipJson(columns.length)}
    on conflict (project_id, id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { readExpiredRows, removeExpiredRows } from './expired-rows.ts';
import { heldColumns, valuesOf } from './held-columns.ts';
import type {
  CopiedDataset,
  CopyPosition,
  CorrectedPage,
  CorrectionMark,
  ExpiredRows,
  ProjectRemoval,
  RowCorrection,
  RowPage,
  Witness,
} from './row-source.ts';
import { openPosition } from './table-position.ts';
import { addWitnesses, readWitnesses } from './witnesses.ts';

/** The table of one dataset in the copy. All writes of the copy use one connection, one at a time. */
export interface CopiedTable {
  readonly dataset: CopiedDataset;
  readonly position: CopyPosition;
  /**
   * Stores a page in one transaction with the rows that the copy then has. Without a page, that
   * need not be stored: the next look finds it again.
   *
   * @param correction the last one that the rows have; default: as before
   */
  append(page: RowPage | null, rows: string, correction?: CorrectionMark): Promise<void>;
  /** Removes the rows of projects, and remembers that. */
  removeProjects(removals: readonly ProjectRemoval[]): Promise<void>;
  /** Takes the values of corrected columns from the pages, and remembers the correction. */
  correct(correction: RowCorrection, pages: AsyncIterable<CorrectedPage>): Promise<void>;
  /** Removes what retention has removed, of all projects in one pass over the table. */
  removeExpired(expired: readonly ExpiredRows[]): Promise<void>;
  /** What was removed in this way. */
  expired(): Promise<readonly ExpiredRows[]>;
  /** Some of the rows that were copied, and are there still as far as the copy knows. */
  witnesses(): Promise<readonly Witness[]>;
}

/** Opens the table of a dataset on the connection that writes. */
export async function openCopiedTable(
  connection: DuckDBConnection,
  dataset: CopiedDataset,
): Promise<CopiedTable> {
  const { name, table } = dataset;
  const insert = await prepareInsert(connection, dataset);
  const position = await openPosition(connection, name);

  async function insertPage(page: RowPage): Promise<void> {
    insert.bind([...page.columns]);
    const { rowsChanged } = await insert.run();
    // Lists of different lengths would be filled up with nulls.
    if (rowsChanged !== page.count) {
      throw new Error(`${rowsChanged} rows of ${name} were copied instead of ${page.count}`);
    }
    await addWitnesses(connection, name, page.witnesses);
  }

  return {
    dataset,
    get position() {
      return position.current;
    },
    async append(page, rows, correction = position.current.correction) {
      const next = { ...position.current, rows, correction };
      if (page === null) position.note(next);
      else await position.move(next, () => insertPage(page));
    },
    correct: ({ number, id, projectId, first, last }, pages) =>
      position.move({ ...position.current, correction: { number, id } }, async () => {
        for await (const { columns } of pages)
          await connection.run(updateCorrected(dataset), [projectId, first, last, ...columns]);
      }),
    removeProjects: (removals) =>
      position.move(
        { ...position.current, removal: removals.at(-1) ?? position.current.removal },
        async () => {
          for (const { projectId } of removals) {
            await connection.run(`delete from "${table}" where project_id = $1`, [projectId]);
            for (const notes of ['expired', 'witnesses'])
              await connection.run(`delete from ${notes} where dataset = $1 and project_id = $2`, [
                name,
                projectId,
              ]);
          }
        },
      ),
    removeExpired: (expired) =>
      position.move(position.current, () => removeExpiredRows(connection, dataset, expired)),
    expired: () => readExpiredRows(connection, name),
    witnesses: () => readWitnesses(connection, name),
  };
}

function prepareInsert(
  connection: DuckDBConnection,
  dataset: CopiedDataset,
): Promise<DuckDBPreparedStatement> {
  const types = ['BIGINT' as const, ...heldColumns(dataset).map(({ type }) => type)];
  const lists = types.map((type, index) => `unnest(${valuesOf(type, `$${index + 1}`)})`);
  return connection.prepare(`insert into "${dataset.table}" select ${lists.join(', ')}`);
}

/** `$1` is the project, `$2` and `$3` the span of time; then come the ids and the corrected columns. */
function updateCorrected(dataset: CopiedDataset): string {
  const held = heldColumns({ columns: dataset.corrected });
  const lists = held.map(
    ({ column, type }, index) => `unnest(${valuesOf(type, `$${index + 5}`)}) as "${column.sqlName}"`,
  );
  const changes = held.map(({ column: { sqlName } }) => `"${sqlName}" = changed."${sqlName}"`);
  return `update "${dataset.table}" as event set ${changes.join(', ')}
    from (select unnest(${valuesOf('UUID', '$4')}) as id, ${lists.join(', ')}) as changed
    where event.project_id = $1 and event.id = changed.id
      and event.timestamp between cast($2 as bigint) and cast($3 as bigint)`;
}

import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { type HeldType, heldColumns } from './held-columns.ts';
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
  let position = await readPosition(connection, name);

  async function inTransaction(next: CopyPosition, work: () => Promise<void>): Promise<void> {
    await connection.run('begin');
    try {
      await work();
      await connection.run(
        `update positions set "rows" = $1, removal = cast($2 as bigint), removed = $3,
           correction = cast($4 as bigint), corrected = $5 where dataset = $6`,
        [
          ...[next.rows, next.removal.number, next.removal.projectId],
          ...[next.correction.number, next.correction.id, name],
        ],
      );
      await connection.run('commit');
    } catch (error) {
      // A commit that failed leaves nothing to roll back, and the first error is the one that says why.
      await connection.run('rollback').catch(() => undefined);
      throw error;
    }
    position = next;
  }

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
      return position;
    },
    async append(page, rows, correction = position.correction) {
      const next = { ...position, rows, correction };
      if (page === null) position = next;
      else await inTransaction(next, () => insertPage(page));
    },
    correct: ({ number, id, projectId, first, last }, pages) =>
      inTransaction({ ...position, correction: { number, id } }, async () => {
        for await (const { columns } of pages)
          await connection.run(updateCorrected(dataset), [projectId, first, last, ...columns]);
      }),
    removeProjects: (removals) =>
      inTransaction({ ...position, removal: removals.at(-1) ?? position.removal }, async () => {
        for (const { projectId } of removals) {
          await connection.run(`delete from "${table}" where project_id = $1`, [projectId]);
          for (const notes of ['expired', 'witnesses'])
            await connection.run(`delete from ${notes} where dataset = $1 and project_id = $2`, [
              name,
              projectId,
            ]);
        }
      }),
    removeExpired: (expired) =>
      inTransaction(position, async () => {
        const rows = [
          JSON.stringify(expired.map(({ projectId }) => projectId)),
          JSON.stringify(expired.map(({ before }) => before)),
        ];
        await connection.run(
          `delete from "${table}" as event using (select ${EXPIRED}) as expired
           where event.project_id = expired.project_id
             and event.timestamp < expired.before and event.received_at < expired.before`,
          rows,
        );
        await connection.run('delete from expired where dataset = $1', [name]);
        await connection.run(`insert into expired select $3, ${EXPIRED}`, [...rows, name]);
      }),
    async expired() {
      const rows = await connection.runAndReadAll(
        'select project_id, before from expired where dataset = $1',
        [name],
      );
      return rows.getRows().map(([projectId, before]) => ({
        dataset: name,
        projectId: String(projectId),
        before: Number(before),
      }));
    },
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

/** The values of a JSON array. Strict: a value of another type is an error, and not null. */
function valuesOf(type: HeldType, parameter: string): string {
  const read = (json: string) => `from_json_strict(cast(${parameter} as varchar), '["${json}"]')`;
  return type === 'BOOLEAN' ? `list_transform(${read('TINYINT')}, lambda flag: flag = 1)` : read(type);
}

/** Projects and instants of two JSON arrays. */
const EXPIRED = `unnest(${valuesOf('VARCHAR', '$1')}) as project_id, unnest(${valuesOf('BIGINT', '$2')}) as before`;

async function readPosition(connection: DuckDBConnection, dataset: string): Promise<CopyPosition> {
  const rows = await connection.runAndReadAll(
    'select "rows", removal, removed, correction, corrected from positions where dataset = $1',
    [dataset],
  );
  const [copied, number, projectId, correction, corrected] = rows.getRows()[0] ?? [];
  return {
    rows: String(copied),
    removal: { number: Number(number), projectId: String(projectId) },
    correction: { number: Number(correction), id: String(corrected) },
  };
}

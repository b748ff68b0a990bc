import type { DuckDBConnection } from '@duckdb/node-api';
import { readExpiredRows, removeExpiredRows } from './expired-rows.ts';
import { heldColumns, valuesOf } from './held-columns.ts';
import { createPageInsert } from './page-insert.ts';
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

/**
 * The table of one dataset in the copy. All writes of the copy use one connection, one at a time.
 */
export interface CopiedTable {
  readonly dataset: CopiedDataset;
  readonly position: CopyPosition;
  /** About how many rows it has: those that were removed since it was opened still count. */
  readonly rows: number;
  /**
   * Stores a page in one transaction, together with the position that the copy then has. Without a
   * page, the position need not be stored: the next check finds it again.
   *
   * @param correction the last correction that the rows have; default: as before
   */
  append(page: RowPage | null, rows: string, correction?: CorrectionMark): Promise<void>;
  /**
   * Stores many pages in one transaction. It has its own connection, so that pages of other tables
   * can be stored meanwhile. With as many rows as DuckDB compresses together, each is written once:
   * neither first to its log nor again by a checkpoint.
   */
  appendAll(pages: AsyncIterable<FollowingPage>): Promise<void>;
  /** Removes the rows of projects, and remembers the removals. */
  removeProjects(removals: readonly ProjectRemoval[]): Promise<void>;
  /** Takes the values of corrected columns from the pages, and remembers the correction. */
  correct(correction: RowCorrection, pages: AsyncIterable<CorrectedPage>): Promise<void>;
  /** Removes the rows that retention has removed, of all projects in one pass over the table. */
  removeExpired(expired: readonly ExpiredRows[]): Promise<void>;
  /** The rows that were removed in this way. */
  expired(): Promise<readonly ExpiredRows[]>;
  /** Some of the rows that were copied and, as far as the copy knows, still exist. */
  witnesses(): Promise<readonly Witness[]>;
}

/** A page, and the state of the copy once it has the page. */
export interface FollowingPage {
  readonly page: RowPage;
  /** The position of the copy in the rows. */
  readonly rows: string;
  /** The last correction; default: as before. */
  readonly correction?: CorrectionMark | undefined;
}

/**
 * Opens the table of a dataset.
 *
 * @param connection the one that writes
 * @param connect opens further connections
 */
export async function openCopiedTable(
  connection: DuckDBConnection,
  connect: () => Promise<DuckDBConnection>,
  dataset: CopiedDataset,
): Promise<CopiedTable> {
  const { name, table } = dataset;
  const insert = createPageInsert(connection, dataset);
  const position = await openPosition(connection, name);
  let rowCount = await countRows(connection, table);

  /** Must run within a transaction of the connection. */
  async function insertAll(pages: AsyncIterable<FollowingPage>, on: DuckDBConnection): Promise<CopyPosition> {
    const inserting = createPageInsert(on, dataset);
    const witnesses = new Map<number, Witness>();
    let next = position.current;
    let inserted = 0;
    for await (const { page, rows, correction = next.correction } of pages) {
      await inserting.run(page);
      inserted += page.count;
      for (const witness of page.witnesses) witnesses.set(witness.writer, witness);
      next = { ...next, rows, correction };
    }
    await addWitnesses(on, name, [...witnesses.values()]);
    rowCount += inserted;
    return next;
  }

  return {
    dataset,
    get position() {
      return position.current;
    },
    get rows() {
      return rowCount;
    },
    async append(page, rows, correction = position.current.correction) {
      const next = { ...position.current, rows, correction };
      if (page === null) {
        position.note(next);
        return;
      }
      await position.move(async () => {
        await insert.run(page);
        await addWitnesses(connection, name, page.witnesses);
        return next;
      });
      rowCount += page.count;
    },
    async appendAll(pages) {
      const own = await connect();
      try {
        await position.move(() => insertAll(pages, own), own);
      } finally {
        own.closeSync();
      }
    },
    correct: ({ number, id, projectId, first, last }, pages) =>
      position.move(async () => {
        for await (const { columns } of pages)
          await connection.run(updateCorrected(dataset), [projectId, first, last, ...columns]);
        return { ...position.current, correction: { number, id } };
      }),
    removeProjects: (removals) =>
      position.move(async () => {
        for (const { projectId } of removals) {
          await connection.run(`delete from "${table}" where project_id = $1`, [projectId]);
          for (const notes of ['expired', 'witnesses'])
            await connection.run(`delete from ${notes} where dataset = $1 and project_id = $2`, [
              name,
              projectId,
            ]);
        }
        return { ...position.current, removal: removals.at(-1) ?? position.current.removal };
      }),
    removeExpired: (expired) =>
      position.move(async () => {
        await removeExpiredRows(connection, dataset, expired);
        return position.current;
      }),
    expired: () => readExpiredRows(connection, name),
    witnesses: () => readWitnesses(connection, name),
  };
}

async function countRows(connection: DuckDBConnection, table: string): Promise<number> {
  const counted = await connection.runAndReadAll(`select count(*) from "${table}"`);
  return Number(counted.getRows()[0]?.[0] ?? 0);
}

/**
 * `$1` is the project, `$2` and `$3` the span of time; then come the ids and the corrected columns.
 */
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

import type { DuckDBConnection } from '@duckdb/node-api';
import type { CopyPosition } from './row-source.ts';

/** How far the copy of a dataset has come, as stored beside its rows. */
export interface TablePosition {
  readonly current: CopyPosition;
  /**
   * Runs work in a transaction that also stores the next position.
   *
   * @param work returns the next position
   * @param connection default: the one that writes
   */
  move(work: () => Promise<CopyPosition>, connection?: DuckDBConnection): Promise<void>;
  /** Takes a position that need not be stored. */
  note(next: CopyPosition): void;
}

export async function openPosition(connection: DuckDBConnection, dataset: string): Promise<TablePosition> {
  let position = await readPosition(connection, dataset);

  return {
    get current() {
      return position;
    },
    async move(work, on = connection) {
      await on.run('begin');
      try {
        const next = await work();
        await writePosition(on, dataset, next);
        await on.run('commit');
        position = next;
      } catch (error) {
        // A commit that failed leaves nothing to roll back, and the first error is the one that
        // says why.
        await on.run('rollback').catch(() => undefined);
        throw error;
      }
    },
    note(next) {
      position = next;
    },
  };
}

async function writePosition(
  connection: DuckDBConnection,
  dataset: string,
  { rows, removal, correction }: CopyPosition,
): Promise<void> {
  await connection.run(
    `update positions set "rows" = $1, removal = cast($2 as bigint), removed = $3,
       correction = cast($4 as bigint), corrected = $5 where dataset = $6`,
    [rows, removal.number, removal.projectId, correction.number, correction.id, dataset],
  );
}

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

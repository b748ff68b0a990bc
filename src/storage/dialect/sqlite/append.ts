import { type ProjectionPlan, projectionKeys } from '../../../core/dataset/projection.ts';
import type { Row } from '../../../core/dataset/row.ts';
import { createTallyFold } from '../../../core/dataset/tally-fold.ts';
import { defined } from '../../../core/defined.ts';
import type { EncodedCell } from '../../../core/rollup/cell.ts';
import { createFold, type Fold, type Keyed } from '../../../core/rollup/fold.ts';
import { createCellEncoder, type FoldedCell } from '../../../core/rollup/folded-cell.ts';
import { type AppendRequest, type DatasetData, type FreshRows, readRows } from '../append-request.ts';
import { projectionSql } from '../projection-sql.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import type { Connection } from './driver.ts';
import { createInsert, type InsertRow } from './insert.ts';
import { sqliteInstants } from './instants.ts';
import { createTallyWriter } from './tallies.ts';

/** Only one process at a time writes the file, so all cells have the same writer. */
const WRITER = 0;

/**
 * Creates a function that stores groups of events and folds the new ones into the rollups, all in
 * one transaction. If it throws the database's error, nothing was stored.
 */
export function createAppender(
  connection: Connection,
  datasets: readonly DatasetData[],
): (request: AppendRequest) => FreshRows {
  const inserts = datasets.map((dataset) => createInsert(connection, dataset));
  const arrivals = datasets.map((dataset) =>
    dataset.kind === 'event' ? createArrivals(connection, dataset) : null,
  );
  const saveCell = createCellWriter(connection);
  const saveTally = createTallyWriter(connection);
  const projectors = datasets.map(({ projections }) =>
    projections.map((plan) => createProjector(connection, plan)),
  );

  // IMMEDIATE: otherwise a transaction that reads before it writes could fail, because another
  // process has written in between.
  return connection.transaction(({ groups }: AppendRequest) => {
    const newRows = new Map<number, NewRows>();
    const fresh = groups.map((parts) => {
      const done: boolean[][] = [];
      for (const { dataset, rows: texts, broughtBy } of parts) {
        let known = newRows.get(dataset);
        if (known === undefined) {
          known = createNewRows(defined(datasets[dataset]), arrivals[dataset] ?? null);
          newRows.set(dataset, known);
        }
        const isWanted = (index: number) =>
          broughtBy === undefined || done[broughtBy.part]?.[defined(broughtBy.rows[index])] === true;
        const stored: boolean[] = [];
        for (const text of texts) {
          const first = stored.length;
          const rows = readRows(text);
          stored.push(
            ...insertRows(defined(inserts[dataset])(rows), rows, known, (index) => isWanted(first + index)),
          );
        }
        done.push(stored);
      }
      return done;
    });
    const tallies = createTallyFold();
    for (const [dataset, { fold, rows, arrival }] of newRows) {
      const { name, tally } = defined(datasets[dataset]);
      for (const keyed of fold.finish()) saveCell(name, keyed);
      for (const project of projectors[dataset] ?? []) project(rows ?? []);
      if (tally !== null) tallies.add(tally, rows ?? []);
      if (arrival !== null) arrivals[dataset]?.save(arrival);
    }
    for (const { tallied, rows } of tallies.finish()) for (const row of rows) saveTally(tallied, row);
    return fresh;
  }).immediate;
}

/** The new rows of a dataset. */
interface NewRows {
  /** Folds them for the rollups. */
  readonly fold: Fold;
  /** The rows themselves if states are computed from them, otherwise null. */
  readonly rows: Row[] | null;
  /** The number of the last event that was stored. States have no numbers: null. */
  arrival: number | null;
}

function createNewRows(dataset: DatasetData, arrivals: Arrivals | null): NewRows {
  return {
    fold: createFold(dataset),
    rows: dataset.projections.length > 0 || dataset.tally !== null ? [] : null,
    arrival: arrivals?.last() ?? null,
  };
}

function insertRows(
  insert: InsertRow,
  rows: readonly Row[],
  newRows: NewRows,
  isWanted: (index: number) => boolean,
): boolean[] {
  return rows.map((row, index) => {
    const arrival = newRows.arrival === null ? null : newRows.arrival + 1;
    const isNew = isWanted(index) && insert(row, arrival);
    if (isNew) {
      newRows.arrival = arrival;
      newRows.fold.add(row);
      newRows.rows?.push(row);
    }
    return isNew;
  });
}

/** Creates a function that recomputes the states that new events belong to. */
function createProjector(connection: Connection, plan: ProjectionPlan): (rows: readonly Row[]) => void {
  const statement = connection.prepare(projectionSql(plan, 'select ?, ?, ?', sqliteInstants));
  return (rows) => {
    for (const { projectId, id, key } of projectionKeys(plan, rows)) statement.run(projectId, id, key);
  };
}

/** Creates a function that adds a cell to the stored cell with the same key. */
function createCellWriter(connection: Connection): (dataset: string, keyed: Keyed<FoldedCell>) => void {
  const encoder = createCellEncoder('DENSE');
  const isCell = `project_id = ? and dataset = ? and dimension_set = ? and grain = ? and bucket = ?
    and dimension_key = ? and writer = ${WRITER}`;
  const select = connection.prepare<unknown[], EncodedCell>(
    `select row_count as rowCount, success_count as successCount, sums, histograms from rollup_cells where ${isCell}`,
  );
  const insert = connection.prepare(
    `insert into rollup_cells (project_id, dataset, dimension_set, grain, bucket, dimension_key, writer,
       row_count, success_count, sums, histograms)
     values (?, ?, ?, ?, ?, ?, ${WRITER}, ?, ?, ?, ?)`,
  );
  const update = connection.prepare(
    `update rollup_cells set row_count = ?, success_count = ?, sums = ?, histograms = ? where ${isCell}`,
  );
  return (dataset, { projectId, dimensionSet, grain, bucket, dimensionKey, cell }) => {
    const key = [projectId, dataset, dimensionSet, grain, bucket, dimensionKey];
    const stored = select.get(...key) ?? null;
    const { rowCount, successCount, sums, histograms } = encoder.encode(cell, stored);
    if (stored !== null) update.run(rowCount, successCount, sums, histograms, ...key);
    else insert.run(...key, rowCount, successCount, sums, histograms);
  };
}

import { type Row, textAt } from '../../../core/dataset/row.ts';
import { defined } from '../../../core/defined.ts';
import { foldRows, type Keyed } from '../../../core/rollup/fold.ts';
import type { FoldedCell } from '../../../core/rollup/folded-cell.ts';
import { type AppendRequest, type DatasetData, readRows } from '../append-request.ts';
import { type CopyData, encodeRows } from './copy-rows.ts';

/** A row of the groups, and whether it was new. */
export interface PendingRow {
  readonly row: Row;
  readonly id: string;
  readonly projectId: string;
  /** Set when the row was new. */
  fresh: boolean;
  /** The event that this state came with. */
  readonly broughtBy?: PendingRow | undefined;
}

/** The rows of one table, prepared before the transaction, perhaps while another one runs. */
export interface PreparedTable {
  readonly dataset: DatasetData;
  /**
   * In the order in which they arrived. They are added up in this order, which affects how sums are
   * rounded.
   */
  readonly rows: readonly PendingRow[];
  /**
   * In the order of their keys. Of rows with the same key, the first of the groups comes first
   * here.
   */
  readonly sorted: readonly PendingRow[];
  /** The cells of all rows, as if all were new. */
  readonly cells: readonly Keyed<FoldedCell>[];
  /** The rows for `COPY`; null if they are too few, or if two of them have the same key. */
  readonly copy: CopyData | null;
}

export interface PreparedAppend {
  /** In the order in which they are stored. */
  readonly tables: readonly PreparedTable[];
  /** Per group, per part. */
  readonly pending: readonly (readonly PendingRow[])[][];
}

/** From this many rows on, `COPY` is faster than an insert, even with its additional statement. */
export const COPIED_FROM = 100;

export function prepareAppend({ groups }: AppendRequest, datasets: readonly DatasetData[]): PreparedAppend {
  const byDataset = new Map<DatasetData, PendingRow[]>();
  const pending = groups.map((parts) => {
    const done: PendingRow[][] = [];
    for (const part of parts) {
      const dataset = defined(datasets[part.dataset]);
      const events = part.broughtBy?.rows.map((row) => done[part.broughtBy?.part ?? -1]?.[row]);
      const parsed = part.rows.flatMap(readRows);
      const rows = parsed.map((row, index) => pendingRow(dataset, row, events?.[index]));
      const known = byDataset.get(dataset);
      if (known === undefined) byDataset.set(dataset, [...rows]);
      else for (const row of rows) known.push(row);
      done.push(rows);
    }
    return done;
  });
  return { pending, tables: inOneOrder(byDataset).map(([dataset, rows]) => prepareTable(dataset, rows)) };
}

function pendingRow({ at }: DatasetData, row: Row, broughtBy: PendingRow | undefined): PendingRow {
  return {
    row,
    id: textAt(row, at.id),
    projectId: textAt(row, at.projectId),
    fresh: false,
    broughtBy,
  };
}

/**
 * Transactions that insert the same ids wait for each other. They all insert in the same order of
 * tables and ids, so they cannot deadlock. States come after all events, because they are stored
 * only with events that were new.
 */
function inOneOrder(byDataset: ReadonlyMap<DatasetData, PendingRow[]>): [DatasetData, PendingRow[]][] {
  const isBrought = (rows: readonly PendingRow[]) => Number(rows[0]?.broughtBy !== undefined);
  return [...byDataset].sort(
    ([left, ofLeft], [right, ofRight]) =>
      isBrought(ofLeft) - isBrought(ofRight) || (left.table < right.table ? -1 : 1),
  );
}

function prepareTable(dataset: DatasetData, rows: readonly PendingRow[]): PreparedTable {
  const sorted = rows.toSorted(byKey);
  const mayBeCopied = dataset.kind === 'event' && rows.length >= COPIED_FROM && !sorted.some(isSecondOfKey);
  const rowsOf = (pending: readonly PendingRow[]) => pending.map(({ row }) => row);
  return {
    ...{ dataset, rows, sorted },
    cells: foldRows(dataset, rowsOf(rows)),
    copy: mayBeCopied ? encodeRows(dataset, rowsOf(sorted)) : null,
  };
}

const isSecondOfKey = (row: PendingRow, index: number, rows: readonly PendingRow[]): boolean =>
  index > 0 && byKey(row, defined(rows[index - 1])) === 0;

function byKey(left: PendingRow, right: PendingRow): number {
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  if (left.projectId !== right.projectId) return left.projectId < right.projectId ? -1 : 1;
  return 0;
}

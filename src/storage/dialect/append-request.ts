import type { Column } from '../../core/dataset/column.ts';
import type { ProjectionPlan } from '../../core/dataset/projection.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { TallyPlan } from '../../core/dataset/tally.ts';
import type { RollupDeclaration } from '../../core/rollup/fold.ts';
import type { BroughtBy, EventGroup, StoredTable } from '../store.ts';

/** How an append travels to the thread that writes. */
export interface AppendRequest {
  readonly kind: 'append';
  readonly groups: readonly (readonly AppendPart[])[];
}

export interface AppendPart {
  /** Position among the tables that the thread was given. */
  readonly dataset: number;
  /** A list of `Row` as JSON. To send and parse a text is faster than to clone arrays. */
  readonly rows: string;
  readonly broughtBy?: BroughtBy;
}

/** Per group, per part: whether each row was new. */
export type FreshRows = readonly (readonly boolean[])[][];

/** The part of a dataset that is plain data, because functions cannot be sent to a thread. */
export interface DatasetData extends RollupDeclaration {
  readonly kind: EntityTable['kind'];
  readonly table: string;
  readonly columns: readonly Column[];
  readonly projections: readonly ProjectionPlan[];
  readonly tally: TallyPlan | null;
}

/** A dataset without its functions, which cannot be sent to a thread. */
export function toData(dataset: StoredTable): DatasetData {
  const { kind, name, table, columns, at, timeColumn } = dataset;
  const { measures, histogramMeasures, hasSuccess, rollups, projections = [], tally = null } = dataset;
  const rolledUp = { measures, histogramMeasures, hasSuccess, rollups };
  return { kind, name, table, columns, at, timeColumn, ...rolledUp, projections, tally };
}

/** Writes a row as JSON, about. */
const ROW_MICROSECONDS = 3;

/**
 * Makes the requests for a thread that was given the tables in this order. It makes the texts in
 * portions, because there may be thousands of rows.
 */
export function createAppendRequests(
  tables: readonly StoredTable[],
  pass: (microseconds: number) => Promise<void>,
): (groups: readonly EventGroup[]) => Promise<AppendRequest> {
  const positions = new Map(tables.map((table, position) => [table, position]));

  async function toPart({ dataset, rows, broughtBy }: EventGroup['parts'][number]): Promise<AppendPart> {
    const position = positions.get(dataset);
    if (position === undefined) throw new Error(`The store was not opened with the dataset ${dataset.name}.`);
    await pass(rows.length * ROW_MICROSECONDS);
    return { dataset: position, rows: JSON.stringify(rows), ...(broughtBy && { broughtBy }) };
  }

  return async (groups) => {
    const sent: AppendPart[][] = [];
    for (const { parts } of groups) {
      const group: AppendPart[] = [];
      for (const part of parts) group.push(await toPart(part));
      sent.push(group);
    }
    return { kind: 'append', groups: sent };
  };
}

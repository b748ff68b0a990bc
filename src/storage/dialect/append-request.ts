import type { Column } from '../../core/dataset/column.ts';
import type { ProjectionPlan } from '../../core/dataset/projection.ts';
import type { Row } from '../../core/dataset/row.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { TallyPlan } from '../../core/dataset/tally.ts';
import type { RollupDeclaration } from '../../core/rollup/fold.ts';
import type { BroughtBy, EventGroup, StoredTable } from '../store.ts';

/** The form in which an append is sent to the thread that writes. */
export interface AppendRequest {
  readonly kind: 'append';
  readonly groups: readonly (readonly AppendPart[])[];
}

export interface AppendPart {
  /** Index among the tables that the thread was given. */
  readonly dataset: number;
  /** Lists of rows. */
  readonly rows: readonly RowsText[];
  readonly broughtBy?: BroughtBy;
}

/**
 * A list of `Row` as JSON. Sending and parsing text is faster than cloning arrays. A long text is
 * sent as bytes: they can be transferred, and are in no heap until they are read.
 */
export type RowsText = string | Uint8Array;

const decoder = new TextDecoder();

export const readRows = (text: RowsText): Row[] =>
  JSON.parse(typeof text === 'string' ? text : decoder.decode(text));

/**
 * The buffers that a message with the request can transfer, so that the two threads never hold them
 * both.
 */
export const transfersOf = ({ groups }: AppendRequest): ArrayBuffer[] =>
  groups.flatMap((parts) =>
    parts.flatMap(({ rows }) =>
      rows.flatMap((text) => (typeof text === 'string' ? [] : [text.buffer as ArrayBuffer])),
    ),
  );

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

/** Estimated time to write a row as JSON: with few characters, and with many. */
const ROW_MICROSECONDS = 3;
const CHARACTER_MICROSECONDS = 0.002;
/** The number of rows to begin with, when their size is not known yet. */
const FIRST_ROWS = 50;
const MAX_ROWS = 1_000;
/**
 * The maximum length of a text. An event may have a hundred thousand characters, and one text of a
 * thousand such events would be held several times.
 */
const CHARACTERS_PER_TEXT = 256 * 1024;
const LONG_TEXT = 64 * 1024;
const encoder = new TextEncoder();

/**
 * Makes the requests for a thread that was given the tables in this order. It makes the texts in
 * portions, because there may be thousands of rows, or long ones.
 */
export function createAppendRequests(
  tables: readonly StoredTable[],
  pass: (microseconds: number) => Promise<void>,
): (groups: readonly EventGroup[]) => Promise<AppendRequest> {
  const positions = new Map(tables.map((table, position) => [table, position]));

  async function toPart({ dataset, rows, broughtBy }: EventGroup['parts'][number]): Promise<AppendPart> {
    const position = positions.get(dataset);
    if (position === undefined) throw new Error(`The store was not opened with the dataset ${dataset.name}.`);
    return { dataset: position, rows: await toTexts(rows), ...(broughtBy && { broughtBy }) };
  }

  async function toTexts(rows: readonly Row[]): Promise<readonly RowsText[]> {
    const texts: RowsText[] = [];
    let size = FIRST_ROWS;
    let perRow = ROW_MICROSECONDS;
    for (let first = 0; first < rows.length; ) {
      const portion = rows.slice(first, first + size);
      await pass(portion.length * perRow);
      const text = JSON.stringify(portion);
      texts.push(text.length < LONG_TEXT ? text : encoder.encode(text));
      first += portion.length;
      const characters = text.length / portion.length;
      size = Math.min(Math.max(1, Math.floor(CHARACTERS_PER_TEXT / characters)), MAX_ROWS);
      perRow = Math.max(ROW_MICROSECONDS, characters * CHARACTER_MICROSECONDS);
    }
    return texts;
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

import { deserialize, serialize } from 'node:v8';

/** A row in the form in which threads send it: the values in the order of the columns. */
export type RowValues = readonly unknown[];

/** Resolves when the caller may work for that many microseconds on the event loop. */
export type Pass = (microseconds: number) => Promise<void>;

/** For a caller that has the event loop to itself. */
export const AT_ONCE: Pass = async () => undefined;

/**
 * The rows of a result that is sent from one thread to another. A receiver reads a whole message at
 * once, and can do nothing else meanwhile: ten thousand rows take ten milliseconds and more. So a
 * result with many rows comes in parts, and each part is read in its turn.
 */
export interface RowParts<Row extends RowValues = RowValues> {
  /** The first rows. */
  readonly rows: readonly Row[];
  /** All other rows, serialized by V8. */
  readonly parts?: readonly Uint8Array[];
}

const ROWS_PER_PART = 1_000;
/** Estimated time to read a row. */
const ROW_MICROSECONDS = 1;

export function toParts<Row extends RowValues>(rows: readonly Row[]): RowParts<Row> {
  if (rows.length <= ROWS_PER_PART) return { rows };
  const parts: Uint8Array[] = [];
  for (let first = ROWS_PER_PART; first < rows.length; first += ROWS_PER_PART) {
    parts.push(serialize(rows.slice(first, first + ROWS_PER_PART)));
  }
  return { rows: rows.slice(0, ROWS_PER_PART), parts };
}

/** Reads the parts, each in its turn. */
export async function fromParts<Row extends RowValues>(
  { rows, parts = [] }: RowParts<Row>,
  pass: Pass,
): Promise<readonly Row[]> {
  if (parts.length === 0) return rows;
  const all = [...rows];
  for (const part of parts) {
    await pass(ROWS_PER_PART * ROW_MICROSECONDS);
    const more: readonly Row[] = deserialize(part);
    for (const row of more) all.push(row);
  }
  return all;
}

/** An object per row, with the column names. Many rows are converted in turns. */
export async function toObjects(
  { columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly RowValues[] },
  pass: Pass,
): Promise<Record<string, unknown>[]> {
  const objects: Record<string, unknown>[] = [];
  for (const [index, row] of rows.entries()) {
    // For almost all statements, the first rows are all rows, so they do not wait.
    if (index > 0 && index % ROWS_PER_PART === 0) await pass(ROWS_PER_PART * ROW_MICROSECONDS);
    const object: Record<string, unknown> = {};
    for (let at = 0; at < columns.length; at++) {
      const name = columns[at];
      if (name !== undefined) object[name] = row[at];
    }
    objects.push(object);
  }
  return objects;
}

import type { Row } from '../core/dataset/row.ts';
import type { EventGroup } from '../storage/store.ts';

/** A number, a boolean or null, including its slot in the row. */
const BYTES_PER_VALUE = 8;

/**
 * The approximate memory of the rows of a group. Counts a character as a byte, because JavaScript
 * stores most text that way.
 */
export function bytesOf({ parts }: EventGroup): number {
  let bytes = 0;
  for (const { rows } of parts) for (const row of rows) bytes += bytesOfRow(row);
  return bytes;
}

function bytesOfRow(row: Row): number {
  let bytes = row.length * BYTES_PER_VALUE;
  for (const value of row) if (typeof value === 'string') bytes += value.length;
  return bytes;
}

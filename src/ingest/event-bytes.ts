import type { Row } from '../core/dataset/row.ts';
import type { EventGroup } from '../storage/store.ts';

/** The bytes of a number, a boolean or null, including its slot in the row. */
const BYTES_PER_VALUE = 8;

/**
 * About how much memory the rows of a group take. A character counts as a byte, because JavaScript
 * keeps most text that way.
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

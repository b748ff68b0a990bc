/**
 * A position in the log of a database (LSN), by which commits are ordered. As text it is
 * `16/B374D848`: two halves of 32 bits each, in hexadecimal digits.
 */
export type Position = bigint;

const POSITION = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i;
const PAGE_BYTES = 8192n;
/** The sizes in bytes of the two kinds of header that a page of the log can have. */
const HEADS: readonly bigint[] = [24n, 40n];

/** Null: the text is not a position. */
export function readPosition(text: string): Position | null {
  const found = POSITION.exec(text);
  return found === null ? null : (BigInt(`0x${found[1]}`) << 32n) | BigInt(`0x${found[2]}`);
}

export const writePosition = (position: Position): string =>
  `${(position >> 32n).toString(16)}/${(position & 0xffff_ffffn).toString(16)}`.toUpperCase();

/**
 * The end of the last record before the position of the next one. If that position begins a page,
 * it lies after the page's header, and no replica reports that it has come so far.
 */
export function endOfRecords(next: Position): Position {
  const inPage = next % PAGE_BYTES;
  return HEADS.includes(inPage) ? next - inPage : next;
}

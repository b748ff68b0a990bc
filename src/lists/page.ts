import { checkBetween } from '../core/check-between.ts';
import type { Column } from '../core/dataset/column.ts';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import { InvalidArgument } from '../core/errors.ts';
import { isUuid } from '../core/ids.ts';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;

/**
 * How a list is sorted: by a column, ties by id in the same direction. Absent values come last in
 * both directions.
 */
export interface ListOrder {
  readonly column: Column;
  readonly direction: 'asc' | 'desc';
}

/**
 * A position in a sorted list: the sorted value as stored (null if absent) and the id of a row. The
 * row need not exist.
 */
export interface Position {
  readonly value: number | string | null;
  readonly id: string;
}

/**
 * The requested part of a list: the first (with `backward`, the last) `limit` rows between two
 * positions.
 */
export interface Page {
  readonly order: ListOrder;
  readonly limit: number;
  readonly backward: boolean;
  readonly after: Position | null;
  readonly before: Position | null;
}

export interface PageArguments {
  readonly orderBy?: { readonly field: string; readonly direction: 'asc' | 'desc' } | null | undefined;
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** Columns by which a list can be sorted: times, measures, and columns declared `sortable`. */
export function sortableColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(
    ({ kind, role, sortable, hidden }) => !hidden && (kind === 'timestamp' || role === 'measure' || sortable),
  );
}

/**
 * Reads the arguments of a connection. The default order is the newest first.
 *
 * @throws InvalidArgument at the argument for a size outside 1 to 500, for `first` together with
 *   `last`, and for a cursor that is not valid or belongs to another order.
 */
export function readPage(table: EntityTable, args: PageArguments): Page {
  const order: ListOrder = {
    column: columnOf(table, args.orderBy?.field ?? table.timeColumn),
    direction: args.orderBy?.direction ?? 'desc',
  };
  return {
    order,
    limit: readPageSize(args),
    backward: args.last != null,
    after: args.after == null ? null : decodeCursor(order, args.after, 'after'),
    before: args.before == null ? null : decodeCursor(order, args.before, 'before'),
  };
}

/** @throws InvalidArgument for a size outside 1 to 500, and for `first` together with `last`. */
export function readPageSize({ first, last }: Pick<PageArguments, 'first' | 'last'>): number {
  if (first != null && last != null) throw new InvalidArgument('Give `first` or `last`, not both.', 'last');
  return checkPageSize(first, 'first') ?? checkPageSize(last, 'last') ?? DEFAULT_PAGE_SIZE;
}

/** @throws InvalidArgument unless the size is absent or 1 to 500. */
export function checkPageSize(size: number | null | undefined, argument: string): number | undefined {
  return size == null ? undefined : checkBetween(size, MAX_PAGE_SIZE, argument);
}

/** Encodes a position in a list of that order as an opaque text. */
export function encodeCursor({ column, direction }: ListOrder, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([column.name, direction, value, id])).toString('base64url');
}

function decodeCursor({ column, direction }: ListOrder, cursor: string, argument: string): Position {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parts) || parts.length !== 4) {
    throw new InvalidArgument(
      `"${cursor}" is not a valid cursor: use the \`cursor\` of an edge, unchanged.`,
      argument,
    );
  }
  const [name, cursorDirection, value, id] = parts;
  if (name !== column.name || cursorDirection !== direction) {
    throw new InvalidArgument(
      'The cursor belongs to a list in another order: use the same `orderBy` for all pages.',
      argument,
    );
  }
  if (!isSortedValue(column, value) || typeof id !== 'string' || !isUuid(id)) {
    throw new InvalidArgument(
      `"${cursor}" is not a valid cursor: use the \`cursor\` of an edge, unchanged.`,
      argument,
    );
  }
  return { value, id };
}

/** Whether the column can have that value in a cursor. */
function isSortedValue({ kind, optional }: Column, value: unknown): value is Position['value'] {
  if (value === null) return optional;
  if (kind === 'timestamp') return typeof value === 'number' && Number.isInteger(value) && isTime(value);
  if (kind !== 'text') return Number.isFinite(value);
  return typeof value === 'string' && !value.includes('\0') && !/\p{Surrogate}/u.test(value);
}

/**
 * The times that DateTime can express, with any offset. PostgreSQL has fewer years than JavaScript.
 */
const FIRST_TIME = Date.parse('0000-01-01T00:00:00Z');
const LAST_TIME = Date.parse('+010000-01-02T00:00:00Z');
const isTime = (time: number): boolean => time >= FIRST_TIME && time <= LAST_TIME;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

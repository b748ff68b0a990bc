import type { EntityTable } from '../core/dataset/table.ts';
import { TelltaleError } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import type { Caller } from './caller.ts';

/**
 * The filter that every read of the table for the caller must have. Null if the caller may read all
 * rows of the project. The general code that reads rows adds it: lists, relations, nodes, analytics
 * and live tails.
 *
 * @throws TelltaleError FORBIDDEN if the caller is a read token that does not permit the table
 */
export function visibleRows(
  { rows }: Pick<Caller, 'rows'>,
  { name }: Pick<EntityTable, 'name'>,
): Filter | null {
  if (rows === undefined) return null;
  const filter = rows.get(name);
  if (filter !== undefined) return filter;
  throw new TelltaleError(
    'FORBIDDEN',
    `This read token gives no access to ${name}, only to rows of ${[...rows.keys()].join(', ')}.`,
  );
}

import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay';
import { InvalidArgument } from '../../core/errors.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type PageArguments, readPageSize } from '../../lists/page.ts';

/** A list ordered by a unique text of its items, which serves as their cursor. */
export interface KeyedList<Item> {
  toCursor(item: Item): string;
  isCursor(text: string): boolean;
  page(part: ResolveCursorConnectionArgs): Promise<Item[]>;
  count(): Promise<number>;
}

/**
 * The requested page of such a list.
 *
 * @throws InvalidArgument at the argument for an invalid size or cursor
 */
export async function resolveKeyedPage<Item>(
  { toCursor, isCursor, page, count }: KeyedList<Item>,
  { first, last, after, before }: PageArguments,
) {
  readPageSize({ first, last });
  for (const [name, cursor] of Object.entries({ after, before })) {
    if (cursor == null || isCursor(cursor)) continue;
    const message = `"${cursor}" is not a valid cursor: use the \`cursor\` of an edge, unchanged.`;
    throw new InvalidArgument(message, name);
  }
  const args = { first, last, after, before };
  const sizes = { defaultSize: DEFAULT_PAGE_SIZE, maxSize: MAX_PAGE_SIZE };
  const { edges, pageInfo } = await resolveCursorConnection({ args, ...sizes, toCursor }, page);
  // The library repeats the given cursor for an empty page.
  const ends = edges.length === 0 && { startCursor: null, endCursor: null };
  return { edges, pageInfo: { ...pageInfo, ...ends }, count };
}

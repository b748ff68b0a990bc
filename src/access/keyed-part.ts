import { byName } from '../core/named.ts';

/**
 * A part of a list that is ordered by a unique text: a number of items after or before some text.
 */
export interface KeyedPart {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  /** Whether to read from the end of the list. */
  readonly inverted: boolean;
}

/** The arguments that make Prisma read the part of a list ordered by `column`. */
export function readingPart<Column extends string>(
  column: Column,
  direction: 'asc' | 'desc',
  { after, before, limit, inverted }: KeyedPart,
) {
  const [beyond, short] = direction === 'asc' ? (['gt', 'lt'] as const) : (['lt', 'gt'] as const);
  const opposite = direction === 'asc' ? 'desc' : 'asc';
  const within = {
    ...(after !== undefined && { [beyond]: after }),
    ...(before !== undefined && { [short]: before }),
  };
  return {
    where: byName([column], () => within),
    orderBy: byName([column], () => (inverted ? opposite : direction)),
    take: limit,
  };
}

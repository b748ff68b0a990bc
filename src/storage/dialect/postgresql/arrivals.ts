import type pg from 'pg';
import { defined } from '../../../core/defined.ts';

/**
 * The numbers of one slot; those of the next slot follow. With a thousand slots they stay below
 * 2^53, so JavaScript numbers are exact.
 */
export const NUMBERS_PER_SLOT = 2 ** 43;
/**
 * The numbers of one timeline of the database: a standby that takes over begins another timeline.
 * It may lack appends whose numbers others have read, and must not reserve these again. There is
 * room for a thousand timelines.
 */
const NUMBERS_PER_TIMELINE = 2 ** 33;
const LAST_TIMELINE = NUMBERS_PER_SLOT / NUMBERS_PER_TIMELINE;
/** A crash loses at most this many numbers, and as many appends share one write to `arrivals`. */
export const RESERVED_AT_ONCE = 1_000;
const RESERVE = {
  name: 'reserve arrivals',
  text: `insert into arrivals (dataset, writer, last) values ($1, $2, $3::int8 + $4::int8)
    on conflict (dataset, writer) do update set last = greatest(arrivals.last, $3::int8) + $4::int8 returning last`,
};

/**
 * The numbers of a slot's appends, in the order of their commits: the session that has the slot
 * runs one transaction at a time.
 */
export interface Arrivals {
  /** The number of the next append to a dataset. Call it in the transaction that appends. */
  next(dataset: string): Promise<number>;
  /** Call it after a rollback, which has undone the reservations of the transaction. */
  forget(): void;
}

/** @param timeline of the database, from 1 on */
export function createArrivals(
  client: Pick<pg.ClientBase, 'query'>,
  slot: number,
  timeline: number,
): Arrivals {
  const reserved = new Map<string, Reserved>();
  const before = (Math.min(timeline, LAST_TIMELINE) - 1) * NUMBERS_PER_TIMELINE;

  async function reserve(dataset: string): Promise<Reserved> {
    const values = [dataset, slot, before, RESERVED_AT_ONCE];
    const { rows } = await client.query<{ last: number }>({ ...RESERVE, values });
    const { last } = defined(rows[0]);
    return { next: last - RESERVED_AT_ONCE + 1, last };
  }

  return {
    async next(dataset) {
      const known = reserved.get(dataset);
      const range = known === undefined || known.next > known.last ? await reserve(dataset) : known;
      reserved.set(dataset, { ...range, next: range.next + 1 });
      return slot * NUMBERS_PER_SLOT + range.next;
    },
    forget: () => reserved.clear(),
  };
}

interface Reserved {
  readonly next: number;
  readonly last: number;
}

import type pg from 'pg';
import { defined } from '../../../core/defined.ts';

/**
 * Numbers of one slot; those of the next slot follow. With a thousand slots they stay below 2^53,
 * so numbers of JavaScript are exact.
 */
export const NUMBERS_PER_SLOT = 2 ** 43;
/** A crash loses so many numbers at most, and as many appends share a write to `arrivals`. */
export const RESERVED_AT_ONCE = 1_000;
const RESERVE = {
  name: 'reserve arrivals',
  text: `insert into arrivals (dataset, writer, last) values ($1, $2, $3)
    on conflict (dataset, writer) do update set last = arrivals.last + excluded.last returning last`,
};

/**
 * The numbers of a slot's appends, in the order of their commits: the session that has the slot
 * runs one transaction at a time.
 */
export interface Arrivals {
  /** The number of the next append to a dataset. Call it in the transaction that appends. */
  next(dataset: string): Promise<number>;
  /** Call it after a rollback, which has taken back what was reserved in the transaction. */
  forget(): void;
}

export function createArrivals(client: Pick<pg.ClientBase, 'query'>, slot: number): Arrivals {
  const reserved = new Map<string, Reserved>();

  async function reserve(dataset: string): Promise<Reserved> {
    const values = [dataset, slot, RESERVED_AT_ONCE];
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

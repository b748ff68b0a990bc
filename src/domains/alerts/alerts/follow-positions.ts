import { iterateInTurn } from '../../../graphql/live/iterate-in-turn.ts';

/**
 * Items in the order of their positions. Not every position has an item. Items become readable in
 * this order.
 */
export interface FollowedPositions<Item> {
  /** Only items after this position are delivered. */
  readonly after: number;
  /** All items up to this position are readable now. */
  readonly position: number;
  /** Greater positions, as they are reached. */
  readonly positions: AsyncIterator<number>;
  /** The first items after `after` and up to `upTo`, in order, at most `limit`. */
  read(after: number, upTo: number, limit: number): Promise<readonly Item[]>;
  positionOf(item: Item): number;
}

const PAGE_SIZE = 100;

/**
 * Every item after a position, once, in order: first the existing items, then new ones. Pages are
 * read on demand, so a slow subscriber misses nothing and holds at most one page. An error ends the
 * iteration.
 */
export function followPositions<Item>(followed: FollowedPositions<Item>): AsyncIterableIterator<Item> {
  let { after, position } = followed;
  let page: Item[] = [];
  let ended = false;

  async function end(): Promise<void> {
    ended = true;
    page = [];
    await followed.positions.return?.();
  }

  async function readPage(): Promise<void> {
    const upTo = position;
    const found = await followed.read(after, upTo, PAGE_SIZE);
    const last = found.at(-1);
    // A page that is not full has all items up to `upTo`: the positions after its last item have
    // none.
    after = last === undefined || found.length < PAGE_SIZE ? upTo : followed.positionOf(last);
    page = [...found];
  }

  async function awaitPosition(): Promise<void> {
    const { done, value } = await followed.positions.next();
    if (done) await end();
    else position = Math.max(position, value);
  }

  async function advance(): Promise<IteratorResult<Item>> {
    try {
      while (!ended) {
        const item = page.shift();
        if (item !== undefined) return { done: false, value: item };
        if (after < position) await readPage();
        else await awaitPosition();
      }
    } catch (error) {
      await end();
      throw error;
    }
    return { done: true, value: undefined };
  }

  return iterateInTurn({ advance, end });
}

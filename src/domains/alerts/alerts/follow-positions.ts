import { iterateInTurn } from '../../../graphql/live/iterate-in-turn.ts';

/**
 * What is told in the order of places. Items come at any places, in the order in which they become
 * readable.
 */
export interface FollowedPositions<Item> {
  /** What lies beyond this place is told. */
  readonly after: number;
  /** Up to this place all is readable now. */
  readonly position: number;
  /** Greater positions, as they are reached. */
  readonly positions: AsyncIterator<number>;
  /** The first items beyond `after` and not beyond `upTo`, in order, `limit` at most. */
  read(after: number, upTo: number, limit: number): Promise<readonly Item[]>;
  positionOf(item: Item): number;
}

const PAGE_SIZE = 100;

/**
 * Every item beyond a place, once, in order: what is there first, then what comes. All of it is
 * read, by pages, when it is asked for; so a subscriber that is slow misses nothing and holds a
 * page at most. An error ends it.
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
    // A page that is not full has all that there is, and a place without an item needs no second
    // look.
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

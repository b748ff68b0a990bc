import type { Context } from '../context.ts';

/** How long graphql-js works on one portion, about. */
const PORTION_MICROSECONDS = 4_000;

/**
 * The items of a list for graphql-js, which completes a list that it has without a pause. So it gets
 * a long one in portions, each in a turn of the event loop.
 *
 * @param microseconds how long the fields of one item take, about
 */
export async function inPortions<Item>(
  { services: { portions, store } }: Context,
  items: readonly Item[],
  microseconds: number,
): Promise<readonly (Item | Promise<Item>)[]> {
  const perPortion = Math.max(1, Math.floor(PORTION_MICROSECONDS / microseconds));
  await portions.pass(Math.min(items.length, perPortion) * microseconds);
  // Nobody may wait for it any more.
  store.count({});
  if (items.length <= perPortion) return items;
  const shown: (Item | Promise<Item>)[] = items.slice(0, perPortion);
  for (let first = perPortion; first < items.length; first += perPortion) {
    const portion = items.slice(first, first + perPortion);
    const passed = portions.pass(portion.length * microseconds);
    for (const item of portion) shown.push(passed.then(() => item));
  }
  return shown;
}

/** How long the fields of some statistics take, about. */
export const microsecondsOfStats = (measures: number): number => 5 + 8 * measures;

import type { Context } from '../context.ts';

/** The approximate time that graphql-js spends on one chunk. */
const PORTION_MICROSECONDS = 4_000;

/**
 * Gives graphql-js the items of a list. It would complete an array without a pause, so a long list
 * arrives in chunks, each in its own turn of the event loop.
 *
 * @param microseconds the approximate time that the fields of one item take
 */
export async function inPortions<Item>(
  { services: { portions, store } }: Context,
  items: readonly Item[],
  microseconds: number,
): Promise<readonly (Item | Promise<Item>)[]> {
  const perPortion = Math.max(1, Math.floor(PORTION_MICROSECONDS / microseconds));
  await portions.pass(Math.min(items.length, perPortion) * microseconds);
  // Ends here if nobody waits for the list any more.
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

/** The approximate time that the fields of one set of statistics take. */
export const microsecondsOfStats = (measures: number): number => 5 + 8 * measures;

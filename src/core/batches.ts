/** The list in pieces of at most that size, in order. Nothing of an empty list. */
export function* batchesOf<Item>(list: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}

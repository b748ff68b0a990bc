/** Splits a list into batches of at most `size` items, in order. An empty list has no batches. */
export function* batchesOf<Item>(list: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}

import type { GraphQLResolveInfo } from 'graphql';

/** Loads many keys at once. Keys that are missing in the answer have nothing. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

interface Batch<Key, Value> {
  readonly keys: Set<Key>;
  readonly answer: Promise<ReadonlyMap<Key, Value>>;
}

/**
 * Resolves a field for all its parents at once: calls of one field of one operation that come in
 * the same tick share one call of `loadMany`, whatever the number of parents. The first caller's
 * `loadMany` is used for all.
 */
export function createFieldBatches<Key, Value>() {
  // graphql-js collects the fields of an operation once for all parents that have the same
  // selection. Parents at one path may have others, below objects of different types.
  const waiting = new WeakMap<GraphQLResolveInfo['fieldNodes'], Batch<Key, Value>>();
  return async (
    { fieldNodes }: Pick<GraphQLResolveInfo, 'fieldNodes'>,
    key: Key,
    loadMany: LoadMany<Key, Value>,
  ): Promise<Value | undefined> => {
    const batch = waiting.get(fieldNodes) ?? startBatch(loadMany, () => waiting.delete(fieldNodes));
    waiting.set(fieldNodes, batch);
    batch.keys.add(key);
    return (await batch.answer).get(key);
  };
}

function startBatch<Key, Value>(loadMany: LoadMany<Key, Value>, close: () => void): Batch<Key, Value> {
  const keys = new Set<Key>();
  const answer = new Promise<void>((resolve) => {
    // After the promises that are settled now: parents that are resolved by them join the batch
    // too.
    queueMicrotask(() => process.nextTick(resolve));
  }).then(() => {
    close();
    return loadMany([...keys]);
  });
  return { keys, answer };
}

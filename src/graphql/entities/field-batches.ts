import type { GraphQLResolveInfo } from 'graphql';

/** Loads many keys at once. The answer lacks keys without a value. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

interface Batch<Key, Value> {
  readonly keys: Set<Key>;
  readonly answer: Promise<ReadonlyMap<Key, Value>>;
}

/**
 * Resolves a field for all its parents at once. Calls for the same field of one operation in the
 * same tick share one call of `loadMany`: that of the first caller.
 */
export function createFieldBatches<Key, Value>() {
  // graphql-js collects the fields of an operation once for all parents with the same selection.
  // Parents at the same path may have other selections, below objects of different types.
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
    // Waits for promises that are already settled, so that the parents that they resolve join the
    // batch too.
    queueMicrotask(() => process.nextTick(resolve));
  }).then(() => {
    close();
    return loadMany([...keys]);
  });
  return { keys, answer };
}

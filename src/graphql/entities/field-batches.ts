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
  const waiting = new WeakMap<object, Map<string, Batch<Key, Value>>>();
  return async (
    context: object,
    info: GraphQLResolveInfo,
    key: Key,
    loadMany: LoadMany<Key, Value>,
  ): Promise<Value | undefined> => {
    const batches = waiting.get(context) ?? new Map<string, Batch<Key, Value>>();
    waiting.set(context, batches);
    const field = info.parentType.name + fieldPath(info.path);
    const batch = batches.get(field) ?? startBatch(loadMany, () => batches.delete(field));
    batches.set(field, batch);
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

/** The response path without list positions: the same for all parents of a field. */
function fieldPath(path: GraphQLResolveInfo['path'] | undefined): string {
  if (path === undefined) return '';
  const parent = fieldPath(path.prev);
  return typeof path.key === 'number' ? parent : `${parent}.${path.key}`;
}

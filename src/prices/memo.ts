/**
 * Remembers at most `2 × generation` results of a costly function of text; the ones in use stay.
 */
export interface Memo<Value> {
  get(key: string): Value;
}

/**
 * A bounded memo: what is asked for stays in the young generation; when that is full it becomes the
 * old one, and what was only in the old one is forgotten. Keys come from users, so the number of
 * them must not grow without end.
 */
export function createMemo<Value>(compute: (key: string) => Value, generation: number): Memo<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined || young.has(key)) return known as Value;
      const value = old.has(key) ? (old.get(key) as Value) : compute(key);
      if (young.size >= generation) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
      return value;
    },
  };
}

/**
 * Caches at most `2 × generation` results of an expensive function of text. Recently used ones
 * stay.
 */
export interface Memo<Value> {
  get(key: string): Value;
}

/**
 * A bounded memo. A requested entry moves to the young generation. When that is full, it becomes
 * the old generation, and entries only in the previous old one are dropped. Keys come from users,
 * so their number must be bounded.
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

import { describe, expect, it } from 'vitest';
import { type Difference, jsonDifference, MAX_DIFFERENCES } from '../../src/core/json-difference.ts';

type Row = [title: string, expected: unknown, actual: unknown, differences: Difference[]];

const missing = (path: string, expected: unknown): Difference => ({
  path,
  kind: 'MISSING',
  expected,
  actual: undefined,
});
const unexpected = (path: string, actual: unknown): Difference => ({
  path,
  kind: 'UNEXPECTED',
  expected: undefined,
  actual,
});
const changed = (path: string, expected: unknown, actual: unknown): Difference => ({
  path,
  kind: 'CHANGED',
  expected,
  actual,
});

describe('jsonDifference', () => {
  it.each<Row>([
    ['equal scalars', 'a', 'a', []],
    ['the whole value', 1, 2, [changed('', 1, 2)]],
    ['values of two types', { a: '1' }, { a: 1 }, [changed('a', '1', 1)]],
    ['the order of names', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, []],
    ['the order of a list', [1, 2], [2, 1], [changed('0', 1, 2), changed('1', 2, 1)]],
    [
      'nested places',
      { llmCallAnalytics: { totals: { count: 2 } }, groups: [{ stats: { errorRate: 0 } }] },
      { llmCallAnalytics: { totals: { count: 3 } }, groups: [{ stats: { errorRate: 0.5 } }] },
      [changed('llmCallAnalytics.totals.count', 2, 3), changed('groups.0.stats.errorRate', 0, 0.5)],
    ],
    ['names that only one value has', { a: 1, b: 2 }, { b: 2, c: 3 }, [missing('a', 1), unexpected('c', 3)]],
    ['a shorter list', [[1], [2]], [[1]], [missing('1', [2])]],
    ['a longer list', { a: [] }, { a: [null] }, [unexpected('a.0', null)]],
    ['null and a missing value', { a: null }, {}, [missing('a', null)]],
    ['null and an object', { a: null }, { a: {} }, [changed('a', null, {})]],
    ['a list and an object', { a: [] }, { a: {} }, [changed('a', [], {})]],
    ['a list and an object with its indexes as names', [1], { 0: 1 }, [changed('', [1], { 0: 1 })]],
    [
      'names that every object inherits',
      JSON.parse('{ "constructor": 1, "__proto__": { "a": 1 } }'),
      JSON.parse('{ "toString": 2 }'),
      [missing('constructor', 1), missing('__proto__', { a: 1 }), unexpected('toString', 2)],
    ],
    [
      'values below __proto__',
      JSON.parse('{ "__proto__": { "a": 1 } }'),
      JSON.parse('{ "__proto__": { "a": 2 } }'),
      [changed('__proto__.a', 1, 2)],
    ],
    ['an empty name', { '': { a: 1 } }, { '': { a: 2 } }, [changed('.a', 1, 2)]],
  ])('compares %s', (_title, expected, actual, differences) => {
    expect(jsonDifference(expected, actual)).toStrictEqual({ differences, truncated: false });
  });

  it.each<[number, number, boolean]>([
    [0.1 + 0.2, 0.3, true],
    [1.5, 1.5 + 1e-9, true],
    [1.5, 1.5 + 2e-9, false],
    [-1.5e-7, -1.5e-7 * (1 + 5e-10), true],
    [1e20, 1e20 * (1 + 5e-10), true],
    [1e20, 1e20 * (1 + 2e-9), false],
    [3, 3.0000000000000004, true],
    [2_000_000_000, 2_000_000_001, false],
    [1_795_348_800_000, 1_795_348_800_001, false],
    [0, 1e-300, false],
    [-1e-300, 1e-300, false],
    [-1e308, 1e308, false],
    [0, -0, true],
  ])('treats %f and %f as equal: %s', (left, right, equal) => {
    expect(jsonDifference([left], [right]).differences).toHaveLength(equal ? 0 : 1);
    expect(jsonDifference([right], [left]).differences).toHaveLength(equal ? 0 : 1);
  });

  it('stops after 100 differences, and says so', () => {
    const list = (length: number) => Array.from({ length }, (_, index) => ({ index }));
    const all = jsonDifference(list(MAX_DIFFERENCES), []);
    expect(all.truncated).toBe(false);
    expect(all.differences).toHaveLength(MAX_DIFFERENCES);
    const some = jsonDifference(list(MAX_DIFFERENCES + 1), []);
    expect(some).toStrictEqual({ differences: all.differences, truncated: true });
  });

  it('compares values of any depth', () => {
    const nest = (depth: number, innermost: unknown) => {
      let value = innermost;
      for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
      return value;
    };
    const { differences } = jsonDifference(nest(100_000, 1), nest(100_000, 2));
    expect(differences).toHaveLength(1);
    expect(differences[0]?.path).toBe('a.0.'.repeat(50_000).slice(0, -1));
    expect(jsonDifference(nest(100_000, 1), nest(100_000, 1)).differences).toEqual([]);
  });
});

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Difference, jsonDifference } from '../../src/core/json-difference.ts';

/** Values with few names and scalars, so that many pairs are equal or nearly equal. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 'a', 0, 1, 0.5),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('json'), { maxKeys: 2 }),
  ),
}));
/** The value as a parser returns it: plain objects, no negative zero. */
const parsed = (value: fc.Arbitrary<unknown>) => value.map((each) => JSON.parse(JSON.stringify(each)));
const pair = fc.oneof(fc.tuple(parsed(json), parsed(json)), fc.tuple(parsed(fc.jsonValue()), parsed(json)));

describe('differences of any values', () => {
  it('are empty for a value and its copy', () => {
    fc.assert(
      fc.property(parsed(fc.jsonValue({ maxDepth: 5 })), (value) => {
        expect(jsonDifference(value, structuredClone(value)).differences).toEqual([]);
      }),
    );
  });

  it('are empty exactly when the values are deeply equal', () => {
    let equal = 0;
    fc.assert(
      fc.property(pair, ([expected, actual]) => {
        const same = isDeepStrictEqual(expected, actual);
        equal += same ? 1 : 0;
        expect(jsonDifference(expected, actual).differences.length === 0).toBe(same);
      }),
      { numRuns: 2000 },
    );
    expect(equal).toBeGreaterThan(20);
    expect(equal).toBeLessThan(1900);
  });

  it('are mirrored when the values are swapped: missing and unexpected values change places', () => {
    const mirrored = { MISSING: 'UNEXPECTED', UNEXPECTED: 'MISSING', CHANGED: 'CHANGED' } as const;
    const byPath = (left: Difference, right: Difference) => (left.path < right.path ? -1 : 1);
    fc.assert(
      fc.property(pair, ([expected, actual]) => {
        const back = jsonDifference(actual, expected).differences.map((difference) => ({
          path: difference.path,
          kind: mirrored[difference.kind],
          expected: difference.actual,
          actual: difference.expected,
        }));
        const { differences } = jsonDifference(expected, actual);
        expect([...differences].sort(byPath)).toStrictEqual(back.sort(byPath));
      }),
      { numRuns: 1000 },
    );
  });

  it('turn one value into the other when they are applied', () => {
    fc.assert(
      // The names contain no dots, because otherwise a path could not be split.
      fc.property(parsed(json), parsed(json), (expected, actual) => {
        const { differences } = jsonDifference(expected, actual);
        const applied = differences.reduceRight(apply, { value: JSON.parse(JSON.stringify(expected)) });
        expect(isDeepStrictEqual(applied, { value: actual })).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/**
 * Sets the value at the path of the difference to the actual one. Lists must be shortened from
 * their end, so apply the last difference first.
 */
function apply(root: { value: unknown }, { path, kind, actual }: Difference): { value: unknown } {
  const names = path === '' ? ['value'] : ['value', ...path.split('.')];
  let parent = root as Record<string, unknown>;
  for (const name of names.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
  const last = names.at(-1) as string;
  if (kind !== 'MISSING') {
    // Defines even `__proto__`, as JSON.parse does.
    Object.defineProperty(parent, last, {
      value: actual,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  } else if (Array.isArray(parent)) parent.length = Number(last);
  else delete parent[last];
  return root;
}

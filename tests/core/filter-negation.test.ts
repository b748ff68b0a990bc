import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter, Scalar } from '../../src/core/filter.ts';
import { normalize, passes, type Row } from './support/filter-fields.ts';

describe('negation', () => {
  const text = fc.constantFrom('', 'a', 'b', 'ab');
  const number = fc.integer({ min: -2, max: 2 });
  const withNull = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { nil: null });
  const equality = (value: fc.Arbitrary<unknown>) => ({
    eq: withNull(value),
    ne: withNull(value),
    in: fc.array(withNull(value), { maxLength: 3 }),
    notIn: fc.array(withNull(value), { maxLength: 3 }),
  });
  const order = { lt: number, lte: number, gt: number, gte: number };
  /** Objects with up to two of the properties. */
  const some = (properties: Record<string, fc.Arbitrary<unknown>>) =>
    fc
      .subarray(Object.keys(properties), { maxLength: 2 })
      .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, properties[name]!]))));
  const fields = {
    model: some({ ...equality(text), contains: text, startsWith: text }),
    provider: some(equality(text)),
    latencyMs: some({ ...equality(number), ...order }),
    success: some(equality(fc.boolean())),
    tags: some({
      has: text,
      hasSome: fc.array(text, { maxLength: 2 }),
      hasEvery: fc.array(text, { maxLength: 2 }),
    }),
  };
  const filterOfLevels = (levels: number): fc.Arbitrary<unknown> => {
    if (levels === 1) return some(fields);
    const inner = filterOfLevels(levels - 1);
    const group = fc.array(inner, { maxLength: 3 });
    return fc.oneof(
      some(fields),
      some({ ...fields, and: group, or: group, not: inner }),
      some({ and: group, or: group, not: inner }),
    );
  };
  const filter = filterOfLevels(4);
  const absent = { nil: undefined };
  const row = fc.record({
    model: fc.option(text, absent),
    provider: fc.option(text, { nil: null }),
    latencyMs: fc.option(number, absent),
    success: fc.option(fc.boolean(), absent),
    tags: fc.option(
      fc.uniqueArray(text).map((list) => JSON.stringify(list)),
      absent,
    ),
  });

  /** The documented meaning, evaluated directly on the input. */
  function expected(input: Record<string, unknown>, values: Row): boolean {
    return Object.entries(input).every(([name, value]) => {
      if (value === undefined) return true;
      if (name === 'not') return !expected(value as Record<string, unknown>, values);
      if (name === 'and') return (value as Record<string, unknown>[]).every((part) => expected(part, values));
      if (name === 'or') return (value as Record<string, unknown>[]).some((part) => expected(part, values));
      return Object.entries(value as object).every(([operator, operand]) =>
        expectedTest(operator, operand, values[name] ?? null),
      );
    });
  }

  function expectedTest(operator: string, operand: unknown, value: Scalar): boolean {
    if (operator === 'eq') return value === operand;
    if (operator === 'ne') return value !== operand;
    if (operator === 'in') return (operand as unknown[]).includes(value);
    if (operator === 'notIn') return !(operand as unknown[]).includes(value);
    if (operator === 'hasSome') return (operand as string[]).some((part) => expectedTest('has', part, value));
    if (operator === 'hasEvery')
      return (operand as string[]).every((part) => expectedTest('has', part, value));
    if (value === null) return false;
    if (operator === 'has') return JSON.parse(String(value)).includes(operand);
    if (operator === 'contains') return String(value).includes(String(operand));
    if (operator === 'startsWith') return String(value).startsWith(String(operand));
    const difference = Number(value) - Number(operand);
    if (operator === 'lt') return difference < 0;
    if (operator === 'lte') return difference <= 0;
    return operator === 'gt' ? difference > 0 : difference >= 0;
  }

  it('selects the opposite, also if fields are absent', () => {
    let passed = 0;
    fc.assert(
      fc.property(filter, row, (input, values) => {
        const result = passes(normalize(input), values);
        passed += result ? 1 : 0;
        expect(result).toBe(expected(input as Record<string, unknown>, values));
        expect(passes(normalize({ not: input }), values)).toBe(!result);
      }),
      { numRuns: 2000 },
    );
    expect(passed).toBeGreaterThan(100);
    expect(passed).toBeLessThan(1900);
  });

  it('stays at the leaves, and constants stay at the root', () => {
    const check = (part: Filter, parent?: Filter): void => {
      if (part.kind === 'test') {
        expect(Array.isArray(part.value)).toBe(part.operator === 'in');
        if (part.operator !== 'eq') expect([part.value].flat()).not.toContain(null);
        return;
      }
      if (parent !== undefined) expect(part.all.length).toBeGreaterThan(1);
      expect(part.kind).not.toBe(parent?.kind);
      for (const inner of part.all) check(inner, part);
    };
    fc.assert(
      fc.property(filter, (input) => {
        const normalized = normalize(input);
        if (normalized !== null) check(normalized);
      }),
      { numRuns: 500 },
    );
  });
});

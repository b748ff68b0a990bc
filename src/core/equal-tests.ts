import type { Filter, FilterTest, Scalar } from './filter.ts';

/** A field that must have one of these values. */
export interface EqualTest {
  readonly field: string;
  readonly values: readonly Scalar[];
}

/**
 * The tests that every row must pass: the tests for equality that are joined by `and`. There is one
 * test per field, in an order that depends on the fields alone. A test with several values comes
 * last, and there is at most one: as a path of an index, each would multiply the positions at which
 * a filter is stored.
 */
export function equalTestsOf(filter: Filter | null): EqualTest[] {
  const byField = new Map<string, EqualTest>();
  const visit = (part: Filter): void => {
    if (part.kind === 'and') part.all.forEach(visit);
    else if (part.kind === 'test' && isEqual(part)) {
      const { field } = part;
      const values = Array.isArray(part.value) ? part.value : [part.value];
      const known = byField.get(field);
      if (known === undefined || values.length < known.values.length) byField.set(field, { field, values });
    }
  };
  if (filter !== null) visit(filter);
  const tests = [...byField.values()].sort((one, other) => (one.field < other.field ? -1 : 1));
  const ofOne = tests.filter(({ values }) => values.length === 1);
  const ofSeveral = tests.filter(({ values }) => values.length > 1);
  return [...ofOne, ...ofSeveral.slice(0, 1)];
}

const isEqual = ({ operator, negated }: FilterTest): boolean =>
  !negated && (operator === 'eq' || operator === 'in');

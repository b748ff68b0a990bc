import { both, isOneOf } from '../core/build-filter.ts';
import type { ColumnValue } from '../core/dataset/column.ts';
import type { Filter } from '../core/filter.ts';
import type { QuerySpec } from './spec.ts';

/** The filter of the question, restricted to the rows of these groups. */
export function onlyGroups(
  { filter, dimensions }: Pick<QuerySpec, 'filter' | 'dimensions'>,
  groups: readonly (readonly ColumnValue[])[],
): Filter | null {
  const [first, ...others] = dimensions;
  if (first === undefined) return filter;
  const all =
    others.length === 0
      ? areOneOf(
          first,
          groups.map(([value]) => value ?? null),
        )
      : groups.map((values) => haveAll(dimensions, values));
  const only: Filter = { kind: 'or', all };
  return both(only, filter);
}

const is = (field: string, value: ColumnValue): Filter => ({
  kind: 'test',
  field,
  operator: 'eq',
  value,
  negated: false,
});

const haveAll = (dimensions: readonly string[], values: readonly ColumnValue[]): Filter => ({
  kind: 'and',
  all: dimensions.map((name, index) => is(name, values[index] ?? null)),
});

/** As few tests as possible. A list of values cannot contain null. */
function areOneOf(field: string, values: readonly ColumnValue[]): Filter[] {
  const present = values.filter((value) => value !== null);
  return [
    ...(present.length === 0 ? [] : [isOneOf(field, present)]),
    ...(present.length === values.length ? [] : [is(field, null)]),
  ];
}

import { describe, expect, it } from 'vitest';
import { both, isOneOf } from '../../src/core/build-filter.ts';
import { columnOf } from '../../src/core/dataset/table.ts';
import type { Filter, FilterGroup, FilterTest } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { type AccessPath, accessPathOf } from '../../src/lists/access-path.ts';

const test = (field: string, operator: FilterTest['operator'], value: FilterTest['value']): FilterTest => ({
  ...{ kind: 'test', field, operator, value, negated: false },
});
const all = (...parts: Filter[]): FilterGroup => ({ kind: 'and', all: parts });
const not = (filter: FilterTest): FilterTest => ({ ...filter, negated: true });

const RELEASE = isOneOf('release', ['1.0']);
const RELEASES = isOneOf('release', ['1.0', '1.1']);
const USER = isOneOf('endUser', ['ada']);
const DAY = all(test('timestamp', 'gte', 0), test('timestamp', 'lt', 86_400_000));
const SEEK: AccessPath = { kind: 'SEEK' };

interface Case {
  readonly name: string;
  readonly filter: Filter | null;
  readonly byTime: AccessPath;
  /** The access path of a list in another order, and of a count. */
  readonly otherwise: AccessPath;
}

const CASES: readonly Case[] = [
  {
    name: 'no filter',
    filter: null,
    byTime: SEEK,
    otherwise: { kind: 'ALL', sought: null, exact: true },
  },
  {
    name: 'an indexed column',
    filter: RELEASE,
    byTime: SEEK,
    otherwise: { kind: 'ALL', sought: all(RELEASE), exact: true },
  },
  {
    name: 'a column without an index',
    filter: USER,
    byTime: { kind: 'SCAN', sought: null },
    otherwise: { kind: 'ALL', sought: null, exact: false },
  },
  {
    name: 'both of them, and a day: the index sorts the rows of a release by time',
    filter: all(USER, all(RELEASE, DAY)),
    byTime: { kind: 'SCAN', sought: all(RELEASE, ...DAY.all) },
    otherwise: { kind: 'ALL', sought: all(RELEASE, ...DAY.all), exact: false },
  },
  {
    name: 'a day',
    filter: DAY,
    byTime: SEEK,
    otherwise: { kind: 'ALL', sought: all(...DAY.all), exact: true },
  },
  {
    name: 'several values of an indexed column, whose rows the index does not sort together',
    filter: RELEASES,
    byTime: { kind: 'SCAN', sought: null },
    otherwise: { kind: 'ALL', sought: all(RELEASES), exact: true },
  },
  {
    name: 'two indexed columns, of which the one with fewer rows per value finds the rows',
    filter: all(RELEASE, isOneOf('requestId', ['req-1'])),
    byTime: { kind: 'SCAN', sought: all(isOneOf('requestId', ['req-1'])) },
    otherwise: { kind: 'ALL', sought: all(isOneOf('requestId', ['req-1'])), exact: false },
  },
  {
    name: 'ids',
    filter: all(USER, isOneOf('id', ['00000000-0000-7000-8000-000000000001'])),
    byTime: SEEK,
    otherwise: SEEK,
  },
  ...[
    not(RELEASE),
    test('release', 'contains', '1'),
    test('release', 'eq', null),
    not(isOneOf('id', ['00000000-0000-7000-8000-000000000001'])),
    not(test('timestamp', 'lt', 5)),
    { ...all(RELEASE, USER), kind: 'or' as const },
  ].map(
    (filter): Case => ({
      name: `what no seek finds: ${JSON.stringify(filter)}`,
      filter,
      byTime: { kind: 'SCAN', sought: null },
      otherwise: { kind: 'ALL', sought: null, exact: false },
    }),
  ),
];

describe('the access path to the rows of a list', () => {
  const orderBy = (name: 'timestamp' | 'latencyMs') =>
    ({ column: columnOf(llmCalls, name), direction: 'desc' }) as const;

  it.each(CASES)('with $name', ({ filter, byTime, otherwise }) => {
    const scope = { table: llmCalls, filter };
    expect(accessPathOf(scope, orderBy('timestamp'))).toEqual(byTime);
    expect(accessPathOf(scope, orderBy('latencyMs'))).toEqual(otherwise);
    expect(accessPathOf(scope, null)).toEqual(otherwise);
  });

  it('considers the filter of the caller, too', () => {
    expect(accessPathOf({ table: llmCalls, filter: both(USER, RELEASE) }, orderBy('timestamp'))).toEqual({
      ...{ kind: 'SCAN', sought: all(RELEASE) },
    });
  });
});

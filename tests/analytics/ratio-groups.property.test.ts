import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import type { RatioQuestion, SideName } from '../../src/analytics/formulas/ratio.ts';
import { MAX_RATIO_GROUPS, ratioOfGroups } from '../../src/analytics/formulas/ratio-groups.ts';
import { compareValues } from '../../src/analytics/group-order.ts';
import type { Group, Source } from '../../src/analytics/spec.ts';
import { matches } from '../../src/core/filter.ts';
import { gitCommits } from '../../src/declarations/agents/git-commits.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';

type Row = { readonly agentId: string | null; readonly service: string | null };
type Rows = Readonly<Record<SideName, readonly Row[]>>;

const DIMENSIONS = ['agentId', 'service'] as const;
const RANGE = { from: 0, to: 1 };
const SOURCE: Source = {
  ...{ kind: 'RAW', grain: null, archivedRows: 0, rowsRead: 0, reason: 'rows', range: RANGE },
  ...{ segments: [], missing: [], moved: [] },
};
const side = { filter: null, aggregate: 'count', earlier: null } as const;
const question: RatioQuestion = {
  ...{ projectId: 'default', range: RANGE },
  numerator: { ...side, dataset: llmCalls },
  denominator: { ...side, dataset: gitCommits },
};

/** Counts rows by hand, with the result of the analytics. */
function countRows(rows: readonly Row[]): Group[] {
  const counts = new Map<string, { readonly dimensions: Row; rowCount: number }>();
  for (const { agentId, service } of rows) {
    const key = JSON.stringify([agentId, service]);
    const known = counts.get(key) ?? { dimensions: { agentId, service }, rowCount: 0 };
    counts.set(key, { ...known, rowCount: known.rowCount + 1 });
  }
  return [...counts.values()].map(({ dimensions, rowCount }) => ({
    dimensions: { ...dimensions },
    stats: { rowCount, successCount: null, measures: new Map() },
  }));
}

const valuesOf = ({ dimensions }: Pick<Group, 'dimensions'>) =>
  DIMENSIONS.map((name) => dimensions[name] ?? null);

/** Analytics over rows in memory, which return only the first groups. */
const analyticsOf = (rows: Rows): Pick<Analytics, 'groups'> => ({
  async groups({ dataset, filter }, _measures, { orderBy, first }) {
    const own = dataset.name === 'llmCalls' ? rows.numerator : rows.denominator;
    const taken = own.filter((row) => filter === null || matches(filter, (field) => row[field as keyof Row]));
    const sign = orderBy.direction === 'desc' ? -1 : 1;
    const sorted = countRows(taken).sort(
      (one, other) =>
        sign * (one.stats.rowCount - other.stats.rowCount) || compareValues(valuesOf(one), valuesOf(other)),
    );
    return { value: sorted.slice(0, first), source: SOURCE };
  },
});

interface Wanted {
  readonly by: SideName | 'value';
  readonly direction: 'asc' | 'desc';
}

/** All groups of both sides, matched and sorted at once. */
function naiveGroups(rows: Rows, { by, direction }: Wanted) {
  const sides = { numerator: countRows(rows.numerator), denominator: countRows(rows.denominator) };
  const countIn = (groups: readonly Group[], key: string) =>
    groups.find((group) => JSON.stringify(valuesOf(group)) === key)?.stats.rowCount ?? 0;
  const keys = new Set(
    [...sides.numerator, ...sides.denominator].map((group) => JSON.stringify(valuesOf(group))),
  );
  const all = [...keys].map((key) => {
    const [agentId, service] = JSON.parse(key);
    const [numerator, denominator] = [countIn(sides.numerator, key), countIn(sides.denominator, key)];
    const value = denominator === 0 ? null : numerator / denominator;
    return { dimensions: { agentId, service }, value, numerator, denominator };
  });
  const sign = direction === 'desc' ? -1 : 1;
  const other = by === 'numerator' ? 'denominator' : 'numerator';
  /** Null comes last. */
  const numbersOf = (group: (typeof all)[number]): (number | null)[] =>
    by === 'value' ? [group.value] : [group[by] || null, group[other]];
  return all.sort((one, another) => {
    const [left, right] = [numbersOf(one), numbersOf(another)];
    for (const [index, value] of left.entries()) {
      const compared = right[index] ?? null;
      if (value === compared) {
        // This part orders only the groups that the first side does not have.
        if (value !== null) break;
        continue;
      }
      if (value === null || compared === null) return value === null ? 1 : -1;
      return sign * (value - compared);
    }
    return compareValues(valuesOf(one), valuesOf(another));
  });
}

it('queries by name the groups that are not among the first thousand of a side', async () => {
  const row = (agentId: string): Row => ({ agentId, service: null });
  const many = Array.from({ length: 1_200 }, (_, number) => [row(`a-${number}`), row(`a-${number}`)]).flat();
  const sides = { numerator: [row('z')], denominator: [...many, row('z')] };
  const wanted = { by: 'numerator', direction: 'desc' } as const;
  const options = { dimensions: DIMENSIONS, orderBy: wanted, first: 3 };
  const { value } = await ratioOfGroups(analyticsOf(sides), question, options);
  expect(value).toEqual(naiveGroups(sides, wanted).slice(0, 3));
  expect(value[0]).toMatchObject({ value: 1, denominator: 1 });
});

it('matches the first groups of two sides as if all groups were known', async () => {
  const row = fc.record({
    agentId: fc.constantFrom('ann', 'bo', 'cy', null),
    service: fc.constantFrom('pay', 'shop', null),
  });
  const rows = fc.array(row, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.record({ numerator: rows, denominator: rows }),
      fc.constantFrom<Wanted['by']>('numerator', 'denominator', 'value'),
      fc.constantFrom<Wanted['direction']>('asc', 'desc'),
      fc.oneof(fc.integer({ min: 1, max: 14 }), fc.constant(MAX_RATIO_GROUPS)),
      async (sides, by, direction, first) => {
        const options = { dimensions: DIMENSIONS, orderBy: { by, direction }, first };
        const { value } = await ratioOfGroups(analyticsOf(sides), question, options);
        expect(value).toEqual(naiveGroups(sides, { by, direction }).slice(0, first));
      },
    ),
    { numRuns: 1_000 },
  );
});

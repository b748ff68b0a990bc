import type { ColumnValue } from '../../core/dataset/column.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { groupKeyOf } from '../accumulator.ts';
import type { Analytics } from '../analytics.ts';
import { MAX_GROUPS } from '../create-analytics.ts';
import { compareValues } from '../group-order.ts';
import { onlyGroups } from '../only-groups.ts';
import type { Answer, DimensionValues, Group, GroupOptions, Source, Stats } from '../spec.ts';
import type { Together } from './agree.ts';
import { askBoth, divide, type OfBoth, type Ratio, type RatioQuestion, type SideName } from './ratio.ts';
import { measuresOf, scopeOf } from './side.ts';

export interface RatioGroupOptions {
  /** Group by these dimensions, which both datasets have; empty: one group. */
  readonly dimensions: readonly string[];
  readonly orderBy: { readonly by: SideName | 'value'; readonly direction: 'asc' | 'desc' };
  /** At most 100, because the sides are matched group by group. */
  readonly first: number;
}

/** The ratio of the events that share these values. */
export interface RatioGroup extends Ratio {
  readonly dimensions: DimensionValues;
}

/** The values of a group in the order of the dimensions, and its statistics on each side. */
export interface MatchedGroup extends OfBoth<Stats | null> {
  readonly values: readonly ColumnValue[];
}

/** The maximum of `first`. */
export const MAX_RATIO_GROUPS = 100;

/**
 * The ratio per group: the first groups of an order. Groups without events on the side that orders
 * them come last, in the order of the other side.
 *
 * @throws InvalidArgument at `orderBy` for an order by the ratio itself if there are too many
 *   groups: such an order needs all of them.
 */
export async function ratioOfGroups(
  analytics: Pick<Analytics, 'groups'>,
  question: RatioQuestion,
  options: RatioGroupOptions,
): Promise<Answer<readonly RatioGroup[]>> {
  const { value, source } = await askBoth(question, (range) =>
    matchGroups(analytics, { ...question, range }, options),
  );
  const groups = (value ?? []).map((group) => ({
    dimensions: toDimensions(options.dimensions, group.values),
    ...divide(question, group),
  }));
  return { value: groups, source };
}

export const toDimensions = (
  dimensions: readonly string[],
  values: readonly ColumnValue[],
): DimensionValues => Object.fromEntries(dimensions.map((name, index) => [name, values[index] ?? null]));

/** The first groups of the order, each with its statistics on both sides. */
export async function matchGroups(
  analytics: Pick<Analytics, 'groups'>,
  question: RatioQuestion,
  options: RatioGroupOptions,
): Promise<Together<readonly MatchedGroup[]>> {
  const read = createReader(analytics, question, options.dimensions);
  const { by } = options.orderBy;
  const groups = by === 'value' ? await byRatio(read, question, options) : await bySide(read, by, options);
  return { value: groups, sources: read.sources };
}

/** Reads the groups of one side. */
interface Reader {
  /** The sources of all that was read. */
  readonly sources: readonly Source[];
  /** The first groups by the number of the side. */
  first(side: SideName, direction: 'asc' | 'desc', first: number): Promise<SideGroups>;
  /** These groups, as far as the side has them. */
  only(side: SideName, groups: readonly (readonly ColumnValue[])[]): Promise<SideGroups>;
}

/** Groups of one side in their order: by `groupKeyOf` of their values. */
type SideGroups = ReadonlyMap<string, { readonly values: readonly ColumnValue[]; readonly stats: Stats }>;

type Ranked = Pick<GroupOptions, 'orderBy' | 'first'>;

function createReader(
  analytics: Pick<Analytics, 'groups'>,
  question: RatioQuestion,
  dimensions: readonly string[],
): Reader {
  const sources: Source[] = [];
  async function ask(name: SideName, options: Ranked, only?: readonly (readonly ColumnValue[])[]) {
    const side = question[name];
    const scope = scopeOf(question, side);
    const filter = only === undefined ? scope.filter : onlyGroups({ filter: scope.filter, dimensions }, only);
    const answer = await analytics.groups({ ...scope, filter }, measuresOf(side), { ...options, dimensions });
    sources.push(answer.source);
    return byKey(answer.value, dimensions);
  }
  return {
    sources,
    first: (name, direction, first) =>
      ask(name, { orderBy: { by: question[name].aggregate, direction }, first }),
    only: async (name, groups) =>
      groups.length === 0
        ? new Map()
        : ask(name, { orderBy: { by: 'count', direction: 'desc' }, first: groups.length }, groups),
  };
}

function byKey(groups: readonly Group[], names: readonly string[]): SideGroups {
  return new Map(
    groups.map(({ dimensions, stats }) => {
      const values = names.map((name) => dimensions[name] ?? null);
      return [groupKeyOf(values), { values, stats }];
    }),
  );
}

const OTHER: OfBoth<SideName> = { numerator: 'denominator', denominator: 'numerator' };

async function bySide(
  read: Reader,
  side: SideName,
  { orderBy: { direction }, first }: RatioGroupOptions,
): Promise<MatchedGroup[]> {
  const leading = await read.first(side, direction, first);
  const { beside, following } = await readOther(read, OTHER[side], { leading, direction, first });
  const matched = [...leading].map(([key, { values, stats }]) =>
    match(values, { [side]: stats, [OTHER[side]]: beside.get(key)?.stats }),
  );
  return [...matched, ...following.map(({ values, stats }) => match(values, { [OTHER[side]]: stats }))].slice(
    0,
    first,
  );
}

interface Leading {
  readonly leading: SideGroups;
  readonly direction: 'asc' | 'desc';
  readonly first: number;
}

/**
 * The other side's statistics of the leading groups. If these are all groups of their side, the
 * groups that only the other side has follow, in its own order.
 */
async function readOther(read: Reader, side: SideName, { leading, direction, first }: Leading) {
  const ofLeading = () =>
    read.only(
      side,
      [...leading.values()].map(({ values }) => values),
    );
  if (leading.size === first) return { beside: await ofLeading(), following: [] };
  const own = await read.first(side, direction, MAX_GROUPS);
  const following = [...own].filter(([key]) => !leading.has(key)).map(([, group]) => group);
  return { beside: own.size < MAX_GROUPS ? own : await ofLeading(), following };
}

async function byRatio(
  read: Reader,
  question: RatioQuestion,
  { orderBy: { direction }, first }: RatioGroupOptions,
): Promise<MatchedGroup[]> {
  const [numerators, denominators] = await Promise.all([
    read.first('numerator', 'desc', MAX_GROUPS),
    read.first('denominator', 'desc', MAX_GROUPS),
  ]);
  if (Math.max(numerators.size, denominators.size) === MAX_GROUPS)
    throw new InvalidArgument(
      `Sorting by VALUE needs fewer than ${MAX_GROUPS} groups on each side, and there are more. ` +
        'Sort by NUMERATOR or DENOMINATOR, or filter the events.',
      'orderBy',
    );
  const matched = [...new Map([...numerators, ...denominators])].map(([key, { values }]) =>
    match(values, { numerator: numerators.get(key)?.stats, denominator: denominators.get(key)?.stats }),
  );
  return sortByRatio(matched, question, direction).slice(0, first);
}

/** Groups without a ratio come last; ties are sorted by the dimensions. */
function sortByRatio(
  groups: readonly MatchedGroup[],
  question: RatioQuestion,
  direction: 'asc' | 'desc',
): MatchedGroup[] {
  const sign = direction === 'desc' ? -1 : 1;
  return groups
    .map((group) => ({ group, value: divide(question, group).value }))
    .sort((one, other) => {
      if (one.value === null || other.value === null) {
        if (one.value !== other.value) return one.value === null ? 1 : -1;
      } else if (one.value !== other.value) return sign * (one.value - other.value);
      return compareValues(one.group.values, other.group.values);
    })
    .map(({ group }) => group);
}

const match = (
  values: readonly ColumnValue[],
  { numerator = null, denominator = null }: Partial<OfBoth<Stats | null | undefined>>,
): MatchedGroup => ({ values, numerator, denominator });

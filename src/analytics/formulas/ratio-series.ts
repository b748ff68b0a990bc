import type { ColumnValue } from '../../core/dataset/column.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { chooseGrain, TIME_GRAINS, type TimeGrain } from '../../core/time/grain.ts';
import { groupKeyOf } from '../accumulator.ts';
import type { Analytics } from '../analytics.ts';
import { onlyGroups } from '../only-groups.ts';
import type { Answer, DimensionValues, Series, SeriesOptions, Source } from '../spec.ts';
import type { Together } from './agree.ts';
import { askBoth, divide, type OfBoth, type Ratio, type RatioQuestion, type SideName } from './ratio.ts';
import { matchGroups, type RatioGroupOptions, toDimensions } from './ratio-groups.ts';
import { measuresOf, scopeOf } from './side.ts';

export interface RatioSeriesOptions extends RatioGroupOptions, Pick<SeriesOptions, 'grain' | 'timeZone'> {}

/** The ratio in one time bucket. `start` and `end` are its bounds on the calendar. */
export interface RatioPoint extends Ratio {
  readonly start: number;
  readonly end: number;
}

/** The ratio over time, for one value of the dimensions. */
export interface RatioSeries {
  readonly dimensions: DimensionValues;
  readonly points: readonly RatioPoint[];
}

/**
 * The ratio per time bucket, for each of the first groups of an order over the whole range. Every
 * bucket has a point. If one side keeps only cells that are longer than the buckets, both sides are
 * answered with buckets of that length.
 *
 * @throws InvalidArgument at `series` if the sides are about different ranges.
 */
export async function ratioOverTime(
  analytics: Pick<Analytics, 'groups' | 'series'>,
  question: RatioQuestion,
  options: RatioSeriesOptions,
): Promise<Answer<readonly RatioSeries[]>> {
  if (question.numerator.earlier !== null || question.denominator.earlier !== null)
    throw new InvalidArgument(
      'Both sides of a series must cover the same range. Use `groups`, or omit `earlier`.',
      'series',
    );
  const { value, source } = await askBoth(question, (range) =>
    readSeries(analytics, { ...question, range }, options),
  );
  return { value: value ?? [], source };
}

async function readSeries(
  analytics: Pick<Analytics, 'groups' | 'series'>,
  question: RatioQuestion,
  options: RatioSeriesOptions,
): Promise<Together<readonly RatioSeries[]>> {
  const chosen = await chooseGroups(analytics, question, options);
  const grain = options.grain === 'AUTO' ? chooseGrain(question.range) : options.grain;
  const { pair, sources } = await readPair(analytics, question, { ...options, grain, groups: chosen.value });
  const series = chosen.value.map((values): RatioSeries => {
    const key = groupKeyOf(values);
    const [numerators, denominators] = [pair.numerator.get(key), pair.denominator.get(key)];
    const points = (numerators ?? denominators ?? []).map(({ start, end }, index) => ({
      ...{ start, end },
      ...divide(question, {
        numerator: numerators?.[index]?.stats ?? null,
        denominator: denominators?.[index]?.stats ?? null,
      }),
    }));
    return { dimensions: toDimensions(options.dimensions, values), points };
  });
  return { value: series, sources: [...chosen.sources, ...sources] };
}

/** The values of the groups that get a series. */
async function chooseGroups(
  analytics: Pick<Analytics, 'groups'>,
  question: RatioQuestion,
  options: RatioSeriesOptions,
): Promise<Together<readonly (readonly ColumnValue[])[]>> {
  if (options.dimensions.length === 0) return { value: [[]], sources: [] };
  const { value, sources } = await matchGroups(analytics, question, options);
  return { value: value.map(({ values }) => values), sources };
}

interface ChosenSeries extends RatioSeriesOptions {
  readonly grain: TimeGrain;
  readonly groups: readonly (readonly ColumnValue[])[];
}

/** The points of one side by group. */
type SidePoints = ReadonlyMap<string, Series['points']>;

async function readPair(
  analytics: Pick<Analytics, 'series'>,
  question: RatioQuestion,
  options: ChosenSeries,
): Promise<{ readonly pair: OfBoth<SidePoints>; readonly sources: readonly Source[] }> {
  const { groups, grain } = options;
  if (groups.length === 0) return { pair: { numerator: new Map(), denominator: new Map() }, sources: [] };
  const [numerator, denominator] = await Promise.all([
    readSide(analytics, question, { ...options, name: 'numerator' }),
    readSide(analytics, question, { ...options, name: 'denominator' }),
  ]);
  const pair = { numerator: numerator.value, denominator: denominator.value };
  const sources = [numerator.source, denominator.source];
  const coarser = TIME_GRAINS[TIME_GRAINS.indexOf(grain) + 1];
  if (coarser === undefined || haveSameBuckets(pair)) return { pair, sources };
  const again = await readPair(analytics, question, { ...options, grain: coarser });
  return { pair: again.pair, sources: [...sources, ...again.sources] };
}

async function readSide(
  analytics: Pick<Analytics, 'series'>,
  question: RatioQuestion,
  { name, dimensions, groups, grain, timeZone }: ChosenSeries & { readonly name: SideName },
): Promise<Answer<SidePoints>> {
  const side = question[name];
  const scope = scopeOf(question, side);
  const filter = onlyGroups({ filter: scope.filter, dimensions }, groups);
  const options = { grain, timeZone, dimensions, top: groups.length, fill: 'ZERO' } as const;
  const { value, source } = await analytics.series({ ...scope, filter }, measuresOf(side), options);
  const points = value.map(
    (series) => [groupKeyOf(dimensions.map((of) => series.dimensions[of] ?? null)), series.points] as const,
  );
  return { value: new Map(points), source };
}

/** Within a side, all groups have the same buckets. */
function haveSameBuckets({ numerator, denominator }: OfBoth<SidePoints>): boolean {
  const [[one], [other]] = [[...numerator.values()], [...denominator.values()]];
  if (one === undefined || other === undefined) return true;
  return (
    one.length === other.length &&
    one.every(({ start, end }, index) => other[index]?.start === start && other[index]?.end === end)
  );
}

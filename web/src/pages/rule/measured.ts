import type { Document } from '../../data/ask.ts';
import type { CreateAlertRuleInput } from '../../generated/graphql.ts';
import { typesOf } from '../shared/datasets.ts';
import { durationMs } from '../shared/durations.ts';

/** What the events of a stretch of time add up to. */
export interface Bucket {
  readonly start: string;
  readonly end: string;
  readonly stats: {
    readonly count: number;
    readonly failed?: number;
    readonly succeeded?: number;
    readonly distinct?: number;
    readonly measure?: {
      readonly count: number;
      readonly sum?: number | null;
      readonly min?: number | null;
      readonly max?: number | null;
      readonly quantile?: number | null;
    };
  };
}

export interface MeasuredSeries {
  readonly other: boolean;
  readonly dimensions: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly points: readonly Bucket[];
}

export interface MeasuredAnswer {
  readonly analytics: { readonly series: readonly MeasuredSeries[] };
}

export interface MeasuredQuestion {
  readonly document: Document<MeasuredAnswer, Record<string, unknown>>;
  readonly grain: string;
  readonly grainMs: number;
  readonly windowMs: number;
}

const GRAINS = [
  ['MINUTE', 60_000],
  ['FIVE_MINUTES', 300_000],
  ['FIFTEEN_MINUTES', 900_000],
  ['HOUR', 3_600_000],
  ['DAY', 86_400_000],
] as const;

/** How many buckets there are at most in the range of a chart. */
const MOST_BUCKETS = 750;
/** A chart shows as many groups. */
const GROUPS = 7;

/** Whether a number of buckets cannot be put together to that of a longer time. */
export const isOfOneBucket = (aggregate: string): boolean =>
  aggregate === 'QUANTILE' || aggregate === 'COUNT_DISTINCT';

/**
 * The buckets from which the measured number is computed: short ones, which are put together to the window
 * of the rule. Quantiles and distinct values cannot be put together, so their buckets are about as long as the
 * window.
 */
function grainOf(windowMs: number, rangeMs: number, aggregate: string) {
  const fitting = GRAINS.filter(([, ms]) => (rangeMs + windowMs) / ms <= MOST_BUCKETS);
  const last = GRAINS[GRAINS.length - 1] ?? (['DAY', 86_400_000] as const);
  if (!isOfOneBucket(aggregate)) return fitting[0] ?? last;
  return fitting.findLast(([, ms]) => ms <= windowMs) ?? fitting[0] ?? last;
}

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** The fields that the number is computed from. */
function statsOf({ aggregate, measure, quantile }: CreateAlertRuleInput): string | null {
  if (aggregate === 'ERROR_RATE') return 'count failed: errorCount succeeded: successCount';
  if (aggregate === 'COUNT') return 'count';
  if (aggregate === 'COUNT_DISTINCT') {
    const counted = countedIn(measure ?? '');
    return counted && `count distinct: countDistinct(${counted})`;
  }
  if (!measure || !NAME.test(measure)) return null;
  if (aggregate !== 'QUANTILE') return `count measure: ${measure} { count sum min max }`;
  return `count measure: ${measure} { count quantile(p: ${quantile ?? 0.95}) }`;
}

/** The dimension or the tag whose values are counted: `dimension: END_USER`. */
function countedIn(name: string): string | null {
  if (name.startsWith('tags.')) return `tag: ${JSON.stringify(name.slice('tags.'.length))}`;
  return NAME.test(name)
    ? `dimension: ${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
    : null;
}

/** A dimension by its place: `d0: service`, `d1: tag(key: "team")`. */
function dimensionOf(name: string, index: number): string | null {
  const [, kind, key] = /^(tags|attributes)\.(.+)$/.exec(name) ?? [];
  if (key !== undefined) {
    return kind === 'tags'
      ? `d${index}: tag(key: ${JSON.stringify(key)})`
      : `d${index}: attribute(path: ${JSON.stringify(key)})`;
  }
  return NAME.test(name) ? `d${index}: ${name}` : null;
}

/**
 * The question for the number that a rule measures, over time. The document depends on the dataset, the
 * measure and the groups, so it is put together here; the server checks it as any other.
 *
 * @returns null if the rule cannot be asked about so, as a burn rate
 */
export function measuredQuestion(rule: CreateAlertRuleInput, rangeMs: number): MeasuredQuestion | null {
  const types = typesOf(rule.dataset ?? '');
  const stats = statsOf(rule);
  const windowMs = durationMs(rule.window);
  const groups = (rule.groupBy ?? []).map(dimensionOf);
  if (types === null || stats === null || windowMs === null || windowMs === 0 || groups.includes(null))
    return null;
  const [grain, grainMs] = grainOf(windowMs, rangeMs, rule.aggregate);
  const dimensions = groups.length === 0 ? '' : `dimensions { ${groups.join(' ')} }`;
  const text = `
    query MeasuredByRule($range: TimeRangeInput!, $zone: TimeZone!, $filter: ${types.filter}, $grain: TimeGrain!) {
      analytics: ${types.analytics}(range: $range, filter: $filter) {
        series(grain: $grain, timeZone: $zone, top: ${GROUPS}) {
          other
          ${dimensions}
          points { start end stats { ${stats} } }
        }
      }
    }`;
  return { document: text as unknown as MeasuredQuestion['document'], grain, grainMs, windowMs };
}

import * as z from 'zod';
import { constantName } from '../../core/dataset/constant-name.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { isTag, tagKey } from '../../core/dataset/tag.ts';
import { durationMs } from '../../core/time/duration.ts';
import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import { datasets } from '../../declarations/registry.ts';
import { dataOf } from '../answers.ts';
import type { Asker } from '../asker.ts';
import type { AnsweredRange } from '../range.ts';
import type { Alert, AlertRule } from './read-alert.ts';

/** How many windows of the rule the series shows before the alert; it shows at least an hour. */
const WINDOWS_BEFORE = 6;
const LONGEST_MS = 7 * DAY_MS;
const MAX_POINTS = 150;
/** The dimensions that most often explain a change, in this order. */
const TELLING = ['service', 'provider', 'model', 'endpoint', 'errorType', 'agentId', 'release', 'tool'];
const MAX_DIMENSIONS = 4;
const GROUPS = 3;

/** The span of time to examine around an alert. */
export interface Span {
  readonly range: AnsweredRange;
  /** The window of the rule, which ended when the alert was raised. */
  readonly window: AnsweredRange;
  /** The range of the same length just before the window. */
  readonly before: AnsweredRange;
}

export function spanAround({ raisedAt, resolvedAt, rule }: Alert, now: number): Span {
  const raised = Date.parse(raisedAt);
  const length = Math.min(durationMs(rule?.window ?? 'PT5M') ?? DAY_MS, LONGEST_MS);
  const reach = Math.min(Math.max(WINDOWS_BEFORE * length, HOUR_MS), LONGEST_MS);
  const end = Math.min(resolvedAt === null ? now : Date.parse(resolvedAt) + length, raised + reach);
  return {
    range: rangeOf(raised - reach, Math.max(end, raised + 1)),
    window: rangeOf(raised - length, raised),
    before: rangeOf(raised - 2 * length, raised - length),
  };
}

const rangeOf = (from: number, to: number): AnsweredRange => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

export interface Point {
  readonly start: string;
  readonly count: number;
  readonly value: number | null;
}

/** A group of events in the window of the rule, and in the window before. */
export interface Moved {
  readonly dimension: string;
  readonly value: unknown;
  readonly now: Pick<Point, 'count' | 'value'>;
  readonly before: Pick<Point, 'count' | 'value'> | null;
}

export interface Around {
  readonly points: readonly Point[];
  readonly moved: readonly Moved[];
}

/** The answer to the query of `documentOf`. */
const STATS = z.looseObject({ count: z.number() });
const SERIES = z.object({
  series: z.array(z.object({ points: z.array(z.object({ start: z.string(), stats: STATS })) })),
});
const GROUPS_OF = z.object({
  groups: z.array(z.object({ dimensions: z.object({ value: z.unknown() }), stats: STATS })),
});
const NUMBER = z.number().nullable();
const OF_MEASURE = z.object({ value: NUMBER });

type Stats = z.output<typeof STATS>;

/** What the rule measures around the alert, in its group; null if its dataset is unknown here. */
export async function readAround(
  asker: Asker,
  { rule, labels, span }: { rule: AlertRule; labels: Alert['labels']; span: Span },
): Promise<Around | null> {
  const dataset = datasets.find(({ name }) => name === rule.dataset);
  if (dataset === undefined) return null;
  const measured = selectionOf(rule, dataset);
  const dimensions = tellingOf(dataset, rule);
  const filter = { and: [rule.filter ?? {}, ofGroup(rule, labels)] };
  const data = await dataOf<Record<string, unknown>>(asker, {
    query: documentOf(dataset, measured.selection, dimensions),
    variables: { ...span, filter },
  });
  const read = (stats: Stats) => ({ count: stats.count, value: measured.read(stats) });
  const { series } = SERIES.parse(data['around']);
  const points = (series[0]?.points ?? []).map(({ start, stats }) => ({ start, ...read(stats) }));
  return {
    points: points.slice(-MAX_POINTS),
    moved: dimensions.flatMap((dimension) => {
      const before = GROUPS_OF.parse(data[`before_${dimension}`]).groups;
      return GROUPS_OF.parse(data[`now_${dimension}`]).groups.map(({ dimensions: { value }, stats }) => {
        const earlier = before.find((group) => group.dimensions.value === value);
        return {
          dimension,
          value,
          now: read(stats),
          before: earlier === undefined ? null : read(earlier.stats),
        };
      });
    }),
  };
}

function documentOf({ entity, fields }: Dataset, selection: string, dimensions: readonly string[]): string {
  const groups = dimensions.map(
    (name) => `
  now_${name}: ${fields.analytics}(range: $window, filter: $filter) {
    groups(first: ${GROUPS}) { dimensions { value: ${name} } stats { ${selection} } }
  }
  before_${name}: ${fields.analytics}(range: $before, filter: $filter) {
    groups(first: ${10 * GROUPS}) { dimensions { value: ${name} } stats { ${selection} } }
  }`,
  );
  return `query AroundAlert(
  $range: TimeRangeInput!, $window: TimeRangeInput!, $before: TimeRangeInput!, $filter: ${entity}Filter
) {
  around: ${fields.analytics}(range: $range, filter: $filter) {
    series { points { start stats { ${selection} } } }
  }${groups.join('')}
}`;
}

/** Which statistics to select for the number of a rule, and how to read the number from them. */
function selectionOf({ aggregate, measure, quantile }: AlertRule, { hasSuccess, measures }: Dataset) {
  if (aggregate === 'COUNT_DISTINCT' && measure !== null) {
    const counted = isTag(measure)
      ? `tag: ${JSON.stringify(tagKey(measure))}`
      : `dimension: ${constantName(measure)}`;
    return {
      selection: `count value: countDistinct(${counted})`,
      read: (stats: Stats) => NUMBER.parse(stats['value']),
    };
  }
  const known = measures.some(({ name }) => name === measure);
  if (known && measure !== null) {
    const field = aggregate === 'QUANTILE' ? `quantile(p: ${Number(quantile)})` : aggregate.toLowerCase();
    return {
      selection: `count ${measure} { value: ${field} }`,
      read: (stats: Stats) => OF_MEASURE.parse(stats[measure]).value,
    };
  }
  // For a burn rate, the share of failed events says most.
  if (hasSuccess && aggregate !== 'COUNT') {
    return { selection: 'count errorRate', read: (stats: Stats) => NUMBER.parse(stats['errorRate']) };
  }
  return { selection: 'count', read: ({ count }: Stats) => count };
}

/** The group of the rule that the alert is about, as a filter. */
function ofGroup({ groupBy }: AlertRule, labels: Alert['labels']): Readonly<Record<string, unknown>> {
  const equal = (name: string) => ({ eq: labels?.[name] ?? null });
  const dimensions = groupBy.filter((name) => !isTag(name)).map((name) => [name, equal(name)]);
  const tags = groupBy.filter(isTag).map((name) => ({ key: tagKey(name), ...equal(name) }));
  return { ...Object.fromEntries(dimensions), ...(tags.length > 0 && { tags }) };
}

function tellingOf({ dimensions }: Dataset, { groupBy }: AlertRule): readonly string[] {
  const names = new Set(dimensions.map(({ name }) => name));
  return TELLING.filter((name) => names.has(name) && !groupBy.includes(name)).slice(0, MAX_DIMENSIONS);
}

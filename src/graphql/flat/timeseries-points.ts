import type { DimensionValues, Series } from '../../analytics/spec.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { FlatQuestion } from './flat-question.ts';

/** A number of one series in one time bucket. */
interface TimeseriesPoint {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly series: string;
  readonly labels: DimensionValues;
  readonly measure: string;
  readonly value: number | null;
}

const ALL = 'all';
const OTHER = 'other';
/** Stands for the value of a dimension that the events lack. */
const NONE = '(none)';

/** `TimeseriesPoint`. */
export function timeseriesPoint(types: TypeRegistry) {
  return types.builder.objectRef<TimeseriesPoint>('TimeseriesPoint').implement({
    description: 'A number of one series in one time bucket.',
    fields: (t) => ({
      time: t.expose('time', {
        type: 'DateTime',
        description:
          'Start of the bucket on the calendar. The first and the last bucket count only events in ' +
          'the range.',
      }),
      series: t.exposeString('series', {
        description:
          'The name of the series: the values of `groupBy`, separated by " / ", with "(none)" for ' +
          'a missing value. Without `groupBy`, it is "all". The events of all groups outside the ' +
          '`top` form "other", or "(other)" if a group has that name.',
      }),
      labels: t.expose('labels', {
        type: 'JSON',
        description:
          'The values of the series, keyed by the entries of `groupBy`: {"provider": "openai"}. ' +
          'Null means absent, or outside the `top`.',
      }),
      measure: t.exposeString('measure', {
        description: 'The entry of `measures` that the value belongs to.',
      }),
      value: t.exposeFloat('value', {
        nullable: true,
        description: 'The number, in the unit of its measure; null if unknown.',
      }),
    }),
  });
}

/** The points of all series by time, then in the order of the series. */
export function toPoints(question: FlatQuestion, all: readonly Series[]): TimeseriesPoint[] {
  const named = nameSeries(question, all);
  return (all[0]?.points ?? []).flatMap(({ start }, index) =>
    named.flatMap(({ series, labels, points }) => {
      const stats = points[index]?.stats;
      if (stats === undefined) return [];
      return question.numbers.map(({ text: measure, read }) => ({
        ...{ time: start, series, labels, measure },
        value: read(stats),
      }));
    }),
  );
}

function nameSeries({ dimensions }: FlatQuestion, all: readonly Series[]) {
  const names = all.map(({ dimensions: values }) =>
    dimensions.length === 0 ? ALL : dimensions.map(({ name }) => values[name] ?? NONE).join(' / '),
  );
  const taken = all.some(({ other }, index) => !other && names[index] === OTHER);
  return all.map(({ dimensions: values, other, points }, index) => ({
    series: other ? (taken ? `(${OTHER})` : OTHER) : (names[index] ?? ALL),
    labels: Object.fromEntries(dimensions.map(({ text, name }) => [text, values[name] ?? null])),
    points,
  }));
}

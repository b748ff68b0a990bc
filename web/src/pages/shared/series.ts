import { formatTime } from '../../format/time.ts';
import type { Unit } from '../../format/value.ts';
import { zone } from '../../state/view.ts';

/** The points of a series, as the analytics of every dataset return them. */
interface Answered<Stats> {
  readonly other?: boolean | null;
  readonly points: readonly { readonly start: string; readonly stats: Stats }[];
}

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly style?: 'solid' | 'dashed';
}

export interface ChartData {
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
}

/**
 * The series of an answer as chart data. All series of an answer have the same buckets.
 *
 * @param name the label of a series, or of the only one; the rest beyond the largest is always
 *   "other"
 */
export function chartOf<Stats, Series extends Answered<Stats>>(
  answered: readonly Series[],
  read: (stats: Series['points'][number]['stats']) => number | null | undefined,
  name: string | ((series: Series) => string),
): ChartData {
  const times = (answered[0]?.points ?? []).map(({ start }) => Date.parse(start));
  const series = answered.map((one) => {
    const label = one.other ? 'other' : typeof name === 'string' ? name : name(one);
    return { key: label, label, values: one.points.map(({ stats }) => read(stats) ?? null) };
  });
  return { times, series };
}

/** The numbers of a chart as a table, with one row per instant. */
export function tableOf({ times, series }: ChartData, unit: Unit) {
  const columns = [
    { key: 'time', title: 'Time', show: (at: string) => formatTime(Date.parse(at), zone.value, 'short') },
    ...series.map(({ key, label }) => ({ key, title: label, unit })),
  ];
  const rows = times.map((time, at) => ({
    time: new Date(time).toISOString(),
    ...Object.fromEntries(series.map(({ key, values }) => [key, values[at] ?? null])),
  }));
  return { columns, rows };
}

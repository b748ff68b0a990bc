import type { Unit } from '../../format/value.ts';
import type { Column } from '../../parts/column.ts';
import { unitOf } from './measure-unit.ts';
import type { ChartData } from './series.ts';

/** A point of `timeseries`. */
interface Point {
  readonly time: string;
  readonly series: string;
  readonly measure: string;
  readonly value?: number | null;
}

/** The points of one measure as a chart. */
export function chartOfPoints(points: readonly Point[], measure: string): ChartData {
  const own = points.filter((point) => point.measure === measure);
  const times = [...new Set(own.map(({ time }) => Date.parse(time)))].sort((a, b) => a - b);
  const names = [...new Set(own.map(({ series }) => series))];
  const values = new Map(
    own.map(({ series, time, value }) => [`${series} ${Date.parse(time)}`, value ?? null]),
  );
  const series = names.map((name) => ({
    key: name,
    label: name,
    values: times.map((time) => values.get(`${name} ${time}`) ?? null),
  }));
  return { times, series };
}

/** A row of `table`: its groups and its measures by their names. */
export type FlatRow = Readonly<Record<string, string | number | null>>;

export const readRows = (rows: readonly unknown[]): readonly FlatRow[] => rows as readonly FlatRow[];

/** The columns of `table`: groups first, then measures. */
export const columnsOfRows = (
  groupBy: readonly string[],
  measures: readonly string[],
): readonly Column<FlatRow>[] => [
  ...groupBy.map((name) => columnOf(name)),
  ...measures.map((name) => columnOf(name, unitOf(name))),
];

const columnOf = (name: string, unit?: Unit): Column<FlatRow> => ({
  key: name,
  title: name,
  ...(unit && { unit }),
  value: (row) => row[name],
  sortable: true,
});

import type { Query } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import { Grid } from '../../parts/grid.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { useMarkers } from './markers.ts';
import { chartOf } from './series.ts';

/** A number that the server may not know. */
export type Optional = number | null | undefined;

/** One number over time, from the points of an answer. */
export interface Course<Point> {
  readonly title: string;
  readonly unit: Unit;
  readonly kind: 'stacked' | 'line' | 'bars';
  readonly read: (point: Point) => Optional;
}

interface AnsweredSeries<Point> {
  readonly other?: boolean | null;
  readonly points: readonly { readonly start: string; readonly stats: Point }[];
}

export interface CoursesProps<Result, Point, Series extends AnsweredSeries<Point>> {
  readonly courses: readonly Course<Point>[];
  readonly query: Query<Result>;
  readonly seriesOf: (data: Result) => readonly Series[];
  readonly nameOf: (series: Series) => string;
  readonly group: string;
  /** Shown if there is no data. */
  readonly nothing: string;
  /** The minimum width of a chart in pixels. */
  readonly min: number;
  /** The height of each chart in pixels. */
  readonly height?: number;
}

/** Several numbers over time from one question, with a chart for each. */
export function Courses<Result, Point, Series extends AnsweredSeries<Point>>({
  courses,
  seriesOf,
  nameOf,
  min,
  ...shared
}: CoursesProps<Result, Point, Series>) {
  const markers = useMarkers();
  return (
    <Grid min={min} most={courses.length % 2 === 0 ? courses.length / 2 : 3}>
      {courses.map(({ title, unit, kind, read }) => (
        <ChartPanel
          key={title}
          {...{ title, unit, kind, markers, ...shared }}
          chart={(data) => chartOf<Point, Series>(seriesOf(data), read, nameOf)}
        />
      ))}
    </Grid>
  );
}

import type { ChartData } from './series.ts';

interface Line<Point> {
  readonly key: string;
  /** Default: the key. */
  readonly label?: string;
  readonly read: (point: Point) => number | null | undefined;
}

/** Points with several numbers as chart data: a line for each number. */
export function linesOf<Point extends { readonly start: string }>(
  points: readonly Point[],
  lines: readonly Line<Point>[],
): ChartData {
  const series = lines.map(({ key, label = key, read }) => ({
    key,
    label,
    values: points.map((point) => read(point) ?? null),
  }));
  return { times: points.map(({ start }) => Date.parse(start)), series };
}

import uPlot from 'uplot';
import type { Unit } from '../../format/value.ts';
import { timeAxis, valueAxis, valueRange } from './axes.ts';
import { colorVariables, mix, resolveColor } from './colors.ts';
import { type ChartKind, isStacked, type Series, stack, withoutFlat } from './series.ts';

/** What requires creating a chart again when it changes. Values do not. */
export interface PlotSpec {
  kind: ChartKind;
  unit: Unit;
  zone: string;
  group: string | undefined;
  height: number;
  canZoom: boolean;
  hidden: ReadonlySet<string>;
}

/** What a chart reads each time it draws. */
export interface PlotData {
  times: readonly number[];
  series: readonly Series[];
  thresholds: readonly number[];
}

/** What a chart reports. */
export interface PlotEvents {
  onDraw(plot: uPlot): void;
  /**
   * `index` is the bucket under the pointer, `left` the position of the pointer in pixels of the
   * plot.
   */
  onCursor(pointed: { index: number; left: number } | null): void;
  onZoom(from: number, to: number): void;
}

/** A shorter drag counts as a click. */
const MIN_DRAG = 6;
const FALLBACK_STEP = 60_000;

/** The time between two buckets. */
export const stepOf = (times: readonly number[]): number =>
  times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : FALLBACK_STEP;

/** The values in drawing order: the top of a stack first, so that the rest covers it. */
export function alignedData({ times, series }: PlotData, { kind, hidden }: PlotSpec): uPlot.AlignedData {
  const rows = series.map(({ key, values }) => (hidden.has(key) ? values.map(() => null) : [...values]));
  if (kind === 'stacked') return [[...times], ...withoutFlat(stack(rows), rows).toReversed()];
  return [[...times], ...(isStacked(kind) ? stack(rows).toReversed() : rows)];
}

/** A value between two gaps has no line, so it is drawn as a point. */
function lonely(plot: uPlot, index: number): number[] | null {
  const values = plot.data[index] ?? [];
  const none = (at: number) => (values[at] ?? null) === null;
  const found = Array.from(values, (_, at) => at).filter((at) => !none(at) && none(at - 1) && none(at + 1));
  return found.length > 0 ? found : null;
}

function seriesOf({ kind, hidden }: PlotSpec, series: readonly Series[]): uPlot.Series[] {
  const surface = resolveColor('--surface');
  const variables = colorVariables(series);
  const made = series.map(({ key, style }, index): uPlot.Series => {
    const color = resolveColor(variables[index] ?? '--neutral');
    const common = {
      show: !hidden.has(key),
      stroke: color,
      width: 1.5,
      points: { show: false, size: 4, fill: color, filter: lonely },
    };
    if (kind === 'bars') {
      // Filled without a border, which would be wider than a narrow bar.
      const paths = uPlot.paths.bars?.({ size: [0.82, 40], align: 1, gap: 0 });
      return {
        ...common,
        fill: mix(color, surface, 0.9),
        width: 0,
        ...(paths && { paths }),
        points: { show: false },
      };
    }
    if (kind === 'stacked') return { ...common, fill: mix(color, surface, 0.55), width: 1 };
    return {
      ...common,
      ...(style === 'dashed' && { dash: [4, 4] }),
      ...(kind === 'area' && { fill: `${color}22` }),
    };
  });
  return [{}, ...(isStacked(kind) ? made.toReversed() : made)];
}

function cursorOf({ group, canZoom, kind }: PlotSpec): uPlot.Cursor {
  const isHover = (type: string) => type === 'mousemove' || type === 'mouseleave';
  return {
    y: false,
    points: { show: kind !== 'bars', size: 6, width: 0 },
    drag: { x: canZoom, y: false, setScale: false, dist: MIN_DRAG },
    bind: { dblclick: () => null },
    // Another chart follows the pointer, but does not zoom itself.
    ...(group !== undefined && {
      sync: { key: group, setSeries: false, scales: ['x', null], filters: { pub: isHover } },
    }),
  };
}

function hooksOf(events: PlotEvents, kind: ChartKind): uPlot.Hooks.Arrays {
  return {
    draw: [(plot) => events.onDraw(plot)],
    setCursor: [
      (plot) => {
        const index = pointedIndex(plot, kind);
        events.onCursor(index === null ? null : { index, left: plot.cursor.left ?? 0 });
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width < MIN_DRAG) return;
        const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        events.onZoom(Math.round(from), Math.round(to));
      },
    ],
  };
}

/** The bucket under the pointer: with bars the one whose bar is there, otherwise the nearest. */
function pointedIndex({ cursor: { idx, left = -1 }, data, posToVal }: uPlot, kind: ChartKind): number | null {
  if (left < 0 || typeof idx !== 'number') return null;
  const start = data[0]?.[idx] ?? 0;
  return kind === 'bars' && posToVal(left, 'x') < start ? Math.max(idx - 1, 0) : idx;
}

/** Draws a chart into `host`. `current` returns the values, and is called for each drawing. */
export function createPlot(host: HTMLElement, spec: PlotSpec, current: () => PlotData & PlotEvents): uPlot {
  const colors = { text: resolveColor('--text-muted'), grid: resolveColor('--grid') };
  const xRange = (): [number, number] => {
    const { times } = current();
    const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
    const isWide = spec.kind === 'bars' || times.length < 2;
    return [first, isWide ? last + stepOf(times) : last];
  };
  return new uPlot(
    {
      width: Math.max(host.clientWidth, 80),
      height: spec.height,
      ms: 1,
      tzDate: (ms) => uPlot.tzDate(new Date(ms), spec.zone),
      padding: [10, 20, 0, 0],
      legend: { show: false },
      scales: {
        x: { range: xRange },
        y: {
          range: (_, min, max) => valueRange([min, max], { ...spec, thresholds: current().thresholds }),
        },
      },
      axes: [timeAxis(spec.zone, colors), valueAxis(spec.unit, colors)],
      series: seriesOf(spec, current().series),
      cursor: cursorOf(spec),
      hooks: hooksOf(
        {
          onDraw: (plot) => current().onDraw(plot),
          onCursor: (pointed) => current().onCursor(pointed),
          onZoom: (from, to) => current().onZoom(from, to),
        },
        spec.kind,
      ),
    },
    alignedData(current(), spec),
    host,
  );
}

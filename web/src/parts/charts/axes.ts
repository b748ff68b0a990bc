import type uPlot from 'uplot';
import { formatDay, formatTime } from '../../format/time.ts';
import { formatValue, type Unit } from '../../format/value.ts';
import type { ChartKind } from './series.ts';

const DAY = 86_400_000;
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
/** The mean width of a digit of {@link FONT} in pixels. */
const DIGIT = 6.4;

const powers = (from: number, to: number, factors: readonly number[]) =>
  Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step)).flatMap((power) =>
    factors.map((factor) => factor * power),
  );

const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minute) => minute * 60_000);
const DURATION_STEPS = [...powers(-3, 3, [1, 2, 5]), 10_000, 15_000, 30_000, ...MINUTES];
const WHOLE_STEPS = powers(0, 15, [1, 2, 5]);
const STEPS = powers(-9, 15, [1, 2, 2.5, 5]);

function stepsOf(unit: Unit): number[] {
  if (unit === 'ms') return DURATION_STEPS;
  if (unit === 'seconds') return DURATION_STEPS.map((ms) => ms / 1000);
  return unit === 'count' || unit === 'tokens' ? WHOLE_STEPS : STEPS;
}

/** The instants of an axis of time that begins at 0, about `most` of them: round durations. */
export function roundTicks(spanMs: number, most: number): number[] {
  const step = DURATION_STEPS.find((size) => spanMs / size <= most) ?? spanMs;
  return Array.from({ length: Math.floor(spanMs / step + 1e-9) + 1 }, (_, index) => index * step);
}

interface AxisColors {
  text: string;
  grid: string;
}

/** The time axis. Between days, midnight is shown as its day. */
export function timeAxis(zone: string, colors: AxisColors): uPlot.Axis {
  return {
    stroke: colors.text,
    font: FONT,
    size: 24,
    gap: 4,
    space: 64,
    grid: { show: false },
    ticks: { stroke: colors.grid, size: 4, width: 1 },
    values: (_, splits, __, ___, step) =>
      splits.map((at) => (step >= DAY ? formatDay(at, zone) : formatTime(at, zone, 'axis'))),
  };
}

/** The value axis: few lines, whole steps for counts, round ones for durations. */
export function valueAxis(unit: Unit, colors: AxisColors): uPlot.Axis {
  return {
    stroke: colors.text,
    font: FONT,
    gap: 6,
    space: (_, __, ___, ____, length) => (length > 190 ? 48 : 32),
    incrs: stepsOf(unit),
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
    size: (_, values) => Math.ceil(Math.max(...(values ?? []).map((text) => text.length), 3) * DIGIT) + 10,
    values: (_, splits) => withoutCents(splits.map((value) => tickText(value, unit))),
  };
}

/** No time at all is the same in every unit. */
const tickText = (value: number, unit: Unit): string =>
  value === 0 && (unit === 'ms' || unit === 'seconds') ? '0' : formatValue(value, unit);

/** Drops cents if no step has them. */
const withoutCents = (texts: readonly string[]): string[] =>
  texts.every((text) => !text.startsWith('$') || /^\$\d+(\.00)?$/.test(text))
    ? texts.map((text) => text.replace(/\.00$/, ''))
    : [...texts];

/** Values near 100 % are drawn from just below the smallest one; all others from 0. */
export function valueRange(
  [min, max]: readonly [number | null, number | null],
  { unit, kind, thresholds }: { unit: Unit; kind: ChartKind; thresholds: readonly number[] },
): [number, number] {
  const least = Math.min(min ?? 0, ...thresholds);
  // Nothing but zeros: an axis to one, so that it has lines.
  const greatest = Math.max(max || 1, ...thresholds);
  if (unit === 'ratio' && kind === 'line' && least > 0.5 && greatest <= 1) {
    const room = Math.max(1 - least, 0.001) * 0.15;
    return [Math.max(0, least - room), 1];
  }
  const bottom = Math.min(0, least);
  const top = Math.max(greatest, bottom + 1e-9, 0);
  const padded = top + (top - bottom) * 0.08;
  return [bottom, unit === 'ratio' && top <= 1 ? Math.min(padded, 1.0001) : padded];
}

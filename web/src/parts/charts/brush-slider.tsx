import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import type uPlot from 'uplot';
import { formatTime } from '../../format/time.ts';
import { formatValue, type Unit } from '../../format/value.ts';
import { type Brushed, brushStep, hideBrushed, rangeOf, showBrushed, within } from './brush.ts';
import type { Series } from './series.ts';

interface BrushProps {
  /** The title of the chart. */
  readonly title: string;
  readonly plot: RefObject<uPlot | null>;
  readonly times: readonly number[];
  /** The shown series. */
  readonly series: readonly Series[];
  readonly unit: Unit;
  readonly zone: string;
  readonly onZoom?: ((from: number, to: number) => void) | undefined;
}

/**
 * Handles the keyboard for a chart: a slider over its instants. It covers the chart, but lets the
 * pointer through.
 */
export function BrushSlider({ title, plot, times, series, unit, zone, onZoom }: BrushProps) {
  const chosen = useSignal<Brushed | null>(null);
  const brushed = chosen.value && within(chosen.value, times.length);
  const show = (next: Brushed | null) => {
    chosen.value = next;
    if (plot.current === null) return;
    if (next === null) hideBrushed(plot.current);
    else showBrushed(plot.current, next);
  };
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = brushStep(event, brushed, times.length);
    if (step === null) return;
    event.preventDefault();
    if (step.kind === 'move') show(onZoom ? step.brushed : { ...step.brushed, anchor: step.brushed.at });
    else show(null);
    if (step.kind === 'zoom') onZoom?.(...rangeOf(step.brushed, times));
    if (step.kind === 'leave') event.currentTarget.blur();
  };
  return (
    <div
      class="chart-brush"
      role="slider"
      tabIndex={0}
      aria-label={`${title}: instant`}
      aria-valuemin={0}
      aria-valuemax={Math.max(times.length - 1, 0)}
      aria-valuenow={brushed?.at ?? 0}
      aria-valuetext={textOf(brushed, { times, series, unit, zone })}
      onKeyDown={onKeyDown}
      onBlur={() => show(null)}
    />
  );
}

type Shown = Pick<BrushProps, 'times' | 'series' | 'unit' | 'zone'>;

/** The text for screen readers: the instant with its values, or the selected range. */
function textOf(brushed: Brushed | null, { times, series, unit, zone }: Shown): string {
  if (brushed === null) return 'No instant selected';
  const write = (time: number) => formatTime(time, zone, 'short');
  if (brushed.anchor !== brushed.at) return rangeOf(brushed, times).map(write).join(' to ');
  const values = series.map(({ label, values }) => `${label} ${formatValue(values[brushed.at], unit)}`);
  return [write(times[brushed.at] ?? 0), ...values].join(', ');
}

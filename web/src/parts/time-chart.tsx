import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Unit } from '../format/value.ts';
import '../styles/badge.css';
import '../styles/chart.css';
import { BrushSlider } from './charts/brush-slider.tsx';
import { Legend } from './charts/legend.tsx';
import { type Frame, type Marker, Overlay, type Span, type Threshold } from './charts/overlay.tsx';
import { stepOf } from './charts/plot.ts';
import { type ChartKind, isStacked, type Series, summarize } from './charts/series.ts';
import { Tooltip } from './charts/tooltip.tsx';
import { usePlot } from './charts/use-plot.ts';

interface TimeChartProps {
  /** What is shown, read aloud before the summary. The panel shows it visibly. */
  title: string;
  /** The starts of the buckets in epoch milliseconds, evenly spaced and ascending. */
  times: readonly number[];
  /** At most eight; group the rest under the key `other`. */
  series: readonly Series[];
  unit: Unit;
  kind?: ChartKind;
  /** IANA name of the time zone, for example "Europe/Berlin". */
  zone: string;
  markers?: readonly Marker[];
  thresholds?: readonly Threshold[];
  /** Stretches of time tinted behind the values. */
  spans?: readonly Span[];
  /**
   * Called with epoch milliseconds when a range is selected. Without it, no range can be selected.
   */
  onZoom?(from: number, to: number): void;
  /** In pixels, including the time axis. */
  height?: number;
  /** Charts of one group show the same instant. */
  group?: string;
}

/** The area of the plot, and how its scales convert values to pixels. */
function frameOf(plot: uPlot): Frame {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  return {
    left: left / ratio,
    top: top / ratio,
    width: width / ratio,
    height: height / ratio,
    x: (time) => plot.valToPos(time, 'x'),
    y: (value) => plot.valToPos(value, 'y'),
  };
}

const NO_MARKERS: readonly Marker[] = [];
const NO_THRESHOLDS: readonly Threshold[] = [];
const NO_SPANS: readonly Span[] = [];

/** Values over time. */
export function TimeChart(props: TimeChartProps) {
  const { title, times, series, unit, kind = 'line', zone, onZoom, height = 180, group } = props;
  const { markers = NO_MARKERS, thresholds = NO_THRESHOLDS, spans = NO_SPANS } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const frame = useSignal<Frame | null>(null);
  const hover = useSignal<{ index: number; left: number } | null>(null);
  const { host, plot } = usePlot(
    { kind, unit, zone, group, height, canZoom: onZoom !== undefined, hidden },
    {
      times,
      series,
      thresholds: thresholds.map(({ value }) => value),
      onDraw: (plot) => {
        frame.value = frameOf(plot);
      },
      onCursor: (pointed) => {
        hover.value = pointed;
      },
      onZoom: (from, to) => onZoom?.(from, to),
    },
  );
  const shown = series.filter(({ key }) => !hidden.has(key));
  const isEmpty = series.every(({ values }) => values.every((value) => value === null));
  const toggle = (key: string) => {
    const others = [...hidden].filter((other) => other !== key);
    setHidden(new Set(hidden.has(key) ? others : [...others, key]));
  };
  return (
    <div class="time-chart">
      <div class="time-chart-plot" style={{ height: `${height}px` }}>
        <div ref={host} role="img" aria-label={`${title}. ${summarize(series, unit)}`} />
        <BrushSlider {...{ title, plot, times, unit, zone, onZoom }} series={shown} />
        {frame.value !== null && <Overlay {...{ markers, thresholds, spans }} frame={frame.value} />}
        {isEmpty && <p class="chart-note">No values in this range</p>}
        {frame.value !== null && hover.value !== null && (
          <Tooltip
            {...{ times, markers, unit, zone, series: shown, colored: series }}
            {...hover.value}
            frame={frame.value}
            step={stepOf(times)}
            hasTotal={isStacked(kind)}
          />
        )}
      </div>
      {series.length > 1 && <Legend series={series} hidden={hidden} onToggle={toggle} />}
    </div>
  );
}

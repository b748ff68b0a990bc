import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTime } from '../format/time.ts';
import { formatValue, type Unit } from '../format/value.ts';
import '../styles/heatmap.css';
import { type Band, bandAt, formatBand } from './charts/bands.ts';
import { drawCells } from './charts/cells.ts';
import { stepOf } from './charts/plot.ts';
import { scheme } from './charts/scheme.ts';
import { useOfferTable } from './offer-table.ts';

/** A cell of {@link Heatmap}: its time and its band of values. */
export interface HeatmapCell extends Band {
  from: number;
  to: number;
  count: number;
}

interface HeatmapProps {
  title: string;
  /** The starts of the buckets in epoch milliseconds. */
  times: readonly number[];
  /** The ascending upper bounds of the bands of values; the last may be infinite. */
  bounds: readonly number[];
  /** For each time, how many values each band contains. */
  counts: readonly (readonly number[])[];
  /** The unit of the bounds. */
  unit: Unit;
  zone: string;
  height?: number;
  onSelect?(cell: HeatmapCell): void;
}

const ROW_LABELS = 6;
const TIME_LABELS = 5;

/** Some of many, evenly spaced. */
const someOf = (length: number, most: number): number[] => {
  const each = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / each) }, (_, index) => index * each);
};

/** The buckets whose times are named: where days begin, if there are some. */
function timeLabels(times: readonly number[], zone: string): { column: number; text: string }[] {
  const all = times.map((time, column) => ({ column, text: formatTime(time, zone, 'axis') }));
  // On an axis, midnight is written as its day.
  const days = all.filter(({ text }) => !text.includes(':'));
  const named = days.length > 2 ? days : all;
  return someOf(named.length, TIME_LABELS).flatMap((index) => named[index] ?? []);
}

/**
 * How the distribution of values changes over time: the more values a cell has, the stronger its
 * colour.
 */
export function Heatmap({ title, times, bounds, counts, unit, zone, height = 180, onSelect }: HeatmapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<HeatmapCell | null>(null);
  const shade = scheme.value;
  useOfferTable(() => ({
    columns: [
      { key: 'time', title: 'Time' },
      { key: 'low', title: 'From', unit },
      { key: 'high', title: 'To', unit },
      { key: 'count', title: 'Count' },
    ],
    rows: times.flatMap((time, column) =>
      (counts[column] ?? []).map((count, row) => ({
        time: new Date(time).toISOString(),
        ...bandAt(bounds, row),
        count,
      })),
    ),
  }));
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => drawCells(element, counts, bounds.length));
    observer.observe(element);
    return () => observer.disconnect();
  }, [counts, bounds, shade]);

  const cellAt = (event: MouseEvent): HeatmapCell | null => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const column = Math.floor(((event.clientX - box.left) / box.width) * times.length);
    const row = bounds.length - 1 - Math.floor(((event.clientY - box.top) / box.height) * bounds.length);
    const from = times[column];
    if (from === undefined || row < 0) return null;
    return { from, to: from + stepOf(times), count: counts[column]?.[row] ?? 0, ...bandAt(bounds, row) };
  };
  const select = (event: MouseEvent) => {
    const cell = cellAt(event);
    if (cell !== null) onSelect?.(cell);
  };
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  return (
    <div class="heatmap">
      <p class="heatmap-words" aria-hidden="true">
        {pointed === null
          ? `${formatValue(total, 'count')} values`
          : `${formatTime(pointed.from, zone, 'short')} · ${formatBand(pointed, unit)} · ${formatValue(pointed.count, 'count')}`}
      </p>
      <div class="heatmap-body">
        <div class="heatmap-rows" aria-hidden="true">
          {someOf(bounds.length, ROW_LABELS).map((row) => (
            <span key={row} style={{ bottom: `${(row / bounds.length) * 100}%` }}>
              {formatValue(bandAt(bounds, row).low, unit)}
            </span>
          ))}
        </div>
        <canvas
          ref={canvas}
          style={{ height: `${height}px`, cursor: onSelect === undefined ? 'default' : 'pointer' }}
          role="img"
          aria-label={`${title}. ${summaryOf(counts, bounds, unit)}`}
          onMouseMove={(event) => setPointed(cellAt(event))}
          onMouseLeave={() => setPointed(null)}
          onClick={select}
        />
        <div class="heatmap-times" aria-hidden="true">
          {timeLabels(times, zone).map(({ column, text }) => (
            <span key={column} style={{ left: `${(column / times.length) * 100}%` }}>
              {text}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function summaryOf(counts: readonly (readonly number[])[], bounds: readonly number[], unit: Unit): string {
  const sums = bounds.map((_, row) => counts.reduce((sum, column) => sum + (column[row] ?? 0), 0));
  const total = sums.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'No values.';
  const most = sums.indexOf(Math.max(...sums));
  return `${formatValue(total, 'count')} values, most within ${formatBand(bandAt(bounds, most), unit)}.`;
}

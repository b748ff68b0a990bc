import { useState } from 'preact/hooks';
import { formatValue, type Unit } from '../format/value.ts';
import '../styles/histogram.css';
import { type Band, bandAt, formatBand } from './charts/bands.ts';
import { useOfferTable } from './offer-table.ts';

interface HistogramProps {
  title: string;
  /** The ascending upper bounds of the bands; the last may be infinite. */
  bounds: readonly number[];
  /** How many values each band contains. */
  counts: readonly number[];
  /** The unit of the bounds. */
  unit: Unit;
  /** Where the first band begins. */
  from?: number;
  /** Values to mark among the bands, such as percentiles. */
  marks?: readonly { value: number; label: string }[];
  height?: number;
  onSelect?(band: Band): void;
}

const LABELS = 6;

/** The distribution of values: a bar for each band. */
export function Histogram(props: HistogramProps) {
  const { title, bounds, counts, unit, from = 0, marks = [], height = 140, onSelect } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  useOfferTable(() => ({
    columns: [
      { key: 'low', title: 'From', unit },
      { key: 'high', title: 'To', unit },
      { key: 'count', title: 'Count' },
    ],
    rows: counts.map((count, index) => ({ ...bandAt(bounds, index, from), count })),
  }));
  const greatest = Math.max(...counts, 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const wordsOf = (index: number) => {
    const share = formatValue((counts[index] ?? 0) / (total || 1), 'ratio');
    return `${formatBand(bandAt(bounds, index, from), unit)}: ${formatValue(counts[index], 'count')} (${share})`;
  };
  const each = Math.max(1, Math.ceil(bounds.length / LABELS));
  const most = counts.indexOf(greatest);
  return (
    <div class="histogram">
      <p class="histogram-words" aria-hidden="true">
        {pointed === null ? `${formatValue(total, 'count')} values` : wordsOf(pointed)}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs. */}
      <div
        class="histogram-bars"
        style={{ height: `${height}px` }}
        role="group"
        aria-label={`${title}. ${formatValue(total, 'count')} values${most < 0 ? '' : `, most within ${wordsOf(most)}`}.`}
        onMouseMove={(event) => setPointed(indexAt(event, counts.length))}
        onMouseLeave={() => setPointed(null)}
      >
        {counts.map((count, index) => (
          <Bar
            key={bounds[index]}
            label={wordsOf(index)}
            share={count / greatest}
            onFocus={() => setPointed(index)}
            onSelect={onSelect && (() => onSelect(bandAt(bounds, index, from)))}
          />
        ))}
        {marks.map(({ value, label }) => (
          <div
            key={label}
            class="histogram-mark"
            style={{ left: `${positionOf(value, bounds, from) * 100}%` }}
          >
            <span>{label}</span>
          </div>
        ))}
      </div>
      <div class="histogram-axis" aria-hidden="true">
        {bounds.map((bound, index) => (
          <span key={bound}>
            {index % each === each - 1 && Number.isFinite(bound) && <i>{formatValue(bound, unit)}</i>}
          </span>
        ))}
      </div>
    </div>
  );
}

/**
 * The position of a value along the bars, from 0 to 1. Bars are equally wide, so it is interpolated
 * within its own.
 */
function positionOf(value: number, bounds: readonly number[], from: number): number {
  const found = bounds.findIndex((bound) => value <= bound);
  const index = found < 0 ? bounds.length - 1 : found;
  const { low, high } = bandAt(bounds, index, from);
  const within = Number.isFinite(high) && high > low ? (value - low) / (high - low) : 0.5;
  return (index + Math.min(Math.max(within, 0), 1)) / bounds.length;
}

/** The bar under the pointer. All are equally wide. */
function indexAt({ currentTarget, clientX }: MouseEvent, bars: number): number | null {
  if (!(currentTarget instanceof HTMLElement)) return null;
  const { left, width } = currentTarget.getBoundingClientRect();
  const index = Math.floor(((clientX - left) / width) * bars);
  return index >= 0 && index < bars ? index : null;
}

interface BarProps {
  label: string;
  share: number;
  onFocus(): void;
  onSelect: (() => void) | undefined;
}

function Bar({ label, share, onFocus, onSelect }: BarProps) {
  const fill = <span style={{ height: `${share * 100}%` }} />;
  if (onSelect === undefined) {
    return <div class="histogram-bar">{fill}</div>;
  }
  return (
    <button type="button" class="histogram-bar" aria-label={label} onFocus={onFocus} onClick={onSelect}>
      {fill}
    </button>
  );
}

import { formatTime } from '../format/time.ts';
import { formatValue } from '../format/value.ts';
import '../styles/badge.css';
import '../styles/waterfall.css';
import { roundTicks } from './charts/axes.ts';
import type { Tone } from './tone.ts';

/** A span of time of {@link Waterfall}. */
export interface WaterfallRow {
  key: string;
  label: string;
  /** Milliseconds of the epoch. */
  start: number;
  /** Null if it has no duration, or has not ended. */
  durationMs: number | null;
  tone?: Tone;
  /** Its nesting depth: 0 for the outermost. */
  depth?: number;
  /** Details, shown on hover. */
  detail?: string;
}

interface WaterfallProps {
  rows: readonly WaterfallRow[];
  /** The time range of the drawing, in epoch milliseconds. */
  from: number;
  to: number;
  zone: string;
  onSelect?(row: WaterfallRow): void;
  /** The key of the row that is shown elsewhere. */
  selected?: string | null;
}

/** What happened within a request over time: a bar for each span, indented by depth. */
export function Waterfall({ rows, from, to, zone, onSelect, selected }: WaterfallProps) {
  const span = Math.max(to - from, 1);
  const ticks = roundTicks(span, 6);
  const step = (ticks[1] ?? span) / span;
  return (
    <div class="waterfall" style={{ '--waterfall-step': `${step * 100}%` }}>
      <div class="waterfall-line waterfall-head" aria-hidden="true">
        <span class="waterfall-label" />
        <span class="waterfall-track">
          {ticks.map((at) => (
            <i
              key={at}
              class={at / span > 0.95 ? 'waterfall-end' : undefined}
              style={{ left: `${(at / span) * 100}%` }}
            >
              {at === 0 ? '0' : formatValue(at, 'ms')}
            </i>
          ))}
        </span>
        <span />
      </div>
      <ol>
        {rows.map((row) => (
          <li key={row.key}>
            <WaterfallLine {...{ row, from, span, zone, onSelect }} isSelected={row.key === selected} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface LineProps {
  row: WaterfallRow;
  from: number;
  span: number;
  zone: string;
  onSelect: WaterfallProps['onSelect'];
  isSelected: boolean;
}

function WaterfallLine({ row, from, span, zone, onSelect, isSelected }: LineProps) {
  const { label, start, durationMs, tone = 'accent', depth = 0, detail } = row;
  const left = Math.min(Math.max((start - from) / span, 0), 1) * 100;
  const width = Math.min(Math.max((durationMs ?? 0) / span, 0) * 100, 100 - left);
  const title = [label, formatTime(start, zone, 'long'), detail].filter(Boolean).join('\n');
  const content = (
    <>
      <span class="waterfall-label truncate" style={{ paddingLeft: `${depth * 14}px` }}>
        {label}
      </span>
      <span class="waterfall-track">
        <span
          class={`waterfall-bar tone-${tone}${durationMs === null ? ' waterfall-instant' : ''}`}
          style={{ left: `${left}%`, ...(durationMs !== null && { width: `${width}%` }) }}
        />
      </span>
      <span class="waterfall-value">{formatValue(durationMs, 'ms')}</span>
    </>
  );
  if (onSelect === undefined) {
    return (
      <div class="waterfall-line" title={title}>
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      class="waterfall-line"
      title={title}
      aria-pressed={isSelected}
      onClick={() => onSelect(row)}
    >
      {content}
    </button>
  );
}

import { formatTime } from '../../format/time.ts';
import { formatValue, type Unit } from '../../format/value.ts';
import { colorVariables } from './colors.ts';
import type { Frame, Marker } from './overlay.tsx';
import type { Series } from './series.ts';

const LISTED = 10;

interface TooltipProps {
  /** The bucket under the pointer. */
  index: number;
  /** The position of the pointer within the frame, in pixels. */
  left: number;
  frame: Frame;
  times: readonly number[];
  step: number;
  /** The shown series. */
  series: readonly Series[];
  colored: readonly Series[];
  markers: readonly Marker[];
  unit: Unit;
  zone: string;
  hasTotal: boolean;
}

/** The values of one instant, the greatest first. */
export function Tooltip(props: TooltipProps) {
  const { index, left, frame, times, step, series, markers, unit, zone, hasTotal } = props;
  const at = times[index];
  if (at === undefined) return null;
  const variables = new Map(
    colorVariables(props.colored).map((name, order) => [props.colored[order]?.key, name]),
  );
  const rows = series
    .map(({ key, label, values }) => ({ key, label, value: values[index] ?? null }))
    .toSorted((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY));
  const total = rows.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const near = markers.filter(({ time }) => time >= at - step / 2 && time < at + step);
  const isRight = left > frame.width / 2;
  const side = isRight
    ? { right: `calc(100% - ${frame.left + left - 12}px)` }
    : { left: `${frame.left + left + 12}px` };
  return (
    <div class="chart-tooltip" style={{ top: `${frame.top}px`, ...side }}>
      <div class="chart-tooltip-time">{formatTime(at, zone, 'short')}</div>
      {rows.slice(0, LISTED).map(({ key, label, value }) => (
        <div key={key} class="chart-tooltip-row">
          <span class="swatch" style={{ '--swatch': `var(${variables.get(key)})` }} />
          <span class="truncate">{label}</span>
          <b>{formatValue(value, unit)}</b>
        </div>
      ))}
      {rows.length > LISTED && <div class="muted">and {rows.length - LISTED} more</div>}
      {hasTotal && rows.length > 1 && (
        <div class="chart-tooltip-row chart-tooltip-total">
          <span />
          <span>Total</span>
          <b>{formatValue(total, unit)}</b>
        </div>
      )}
      {near.map(({ time, label }) => (
        <div key={`${time} ${label}`} class="chart-tooltip-marker">
          {label}
        </div>
      ))}
    </div>
  );
}

import type { Tone } from '../tone.ts';

/** An event drawn as a thin line at its time: a deploy, a commit, an alert. */
export interface Marker {
  /** Milliseconds of the epoch. */
  time: number;
  label: string;
  href?: string;
  tone?: Tone;
}

/** A level drawn as a dashed line, for example the threshold of an alert rule. */
export interface Threshold {
  value: number;
  label: string;
  tone: Tone;
}

/** A tinted stretch of time, for example while an alert was open. */
export interface Span {
  /** Milliseconds of the epoch. */
  from: number;
  to: number;
  label: string;
  tone: Tone;
}

/** The area of the values, in pixels of the chart. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  x(time: number): number;
  y(value: number): number;
}

/**
 * Where markers are closer on the whole, only their heads are drawn: their lines would hide the
 * values.
 */
const PIXELS_OF_LINE = 48;

const px = (value: number) => `${value}px`;

interface OverlayProps {
  frame: Frame;
  markers: readonly Marker[];
  thresholds: readonly Threshold[];
  spans: readonly Span[];
}

/** The lines over a chart, as elements, so that they can be hovered, focused and read aloud. */
export function Overlay({ frame, markers, thresholds, spans }: OverlayProps) {
  const { left, top, width, height } = frame;
  const seen = markers.filter(({ time }) => frame.x(time) >= 0 && frame.x(time) <= width);
  const isCrowded = seen.length > width / PIXELS_OF_LINE;
  return (
    <div
      class={`chart-overlay${isCrowded ? ' chart-overlay-crowded' : ''}`}
      style={{ left: px(left), top: px(top), width: px(width), height: px(height) }}
    >
      {spans.map((span) => (
        <SpanArea key={`${span.from} ${span.label}`} span={span} frame={frame} />
      ))}
      {thresholds.map(({ value, label, tone }) => (
        <div key={label} class={`chart-threshold tone-${tone}`} style={{ top: px(frame.y(value)) }}>
          <span>{label}</span>
        </div>
      ))}
      {seen.map((marker) => (
        <MarkerLine key={`${marker.time} ${marker.label}`} marker={marker} left={frame.x(marker.time)} />
      ))}
    </div>
  );
}

function SpanArea({ span: { from, to, label, tone }, frame }: { span: Span; frame: Frame }) {
  const [start, end] = [from, to].map((time) => Math.min(Math.max(frame.x(time), 0), frame.width));
  if (start === undefined || end === undefined || frame.x(to) < 0 || frame.x(from) > frame.width) return null;
  return (
    <div
      class={`chart-span tone-${tone}`}
      title={label}
      style={{ left: px(start), width: px(Math.max(end - start, 1)) }}
    />
  );
}

function MarkerLine({ marker: { label, href, tone = 'accent' }, left }: { marker: Marker; left: number }) {
  return (
    <div class={`chart-marker tone-${tone}`} style={{ left: px(left) }}>
      {href === undefined ? (
        <span class="chart-marker-head" title={label} />
      ) : (
        <a class="chart-marker-head" href={href} title={label}>
          <span class="visually-hidden">{label}</span>
        </a>
      )}
    </div>
  );
}

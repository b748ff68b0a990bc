/**
 * A time range as the URL writes it: `24h`, or two instants
 * `2026-11-01T00:00:00Z..2026-11-02T00:00:00Z`.
 */
export type Span =
  | { readonly kind: 'last'; readonly text: string; readonly ms: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const NAMES = { m: 'minute', h: 'hour', d: 'day' } as const;

/** What the chooser offers. */
export const CHOICES = ['15m', '1h', '6h', '24h', '7d', '30d', '90d', '365d'] as const;
export const DEFAULT_SPAN = '24h';

/** Null if the text is neither form. */
export function readSpan(text: string): Span | null {
  const last = /^(\d{1,4})([mhd])$/.exec(text);
  if (last !== null) {
    const ms = Number(last[1]) * UNITS[last[2] as keyof typeof UNITS];
    return ms > 0 ? { kind: 'last', text, ms } : null;
  }
  const [from = Number.NaN, to = Number.NaN, ...rest] = text.split('..').map((part) => Date.parse(part));
  return rest.length === 0 && from < to ? { kind: 'between', from, to } : null;
}

export function writeSpan(span: Span): string {
  if (span.kind === 'last') return span.text;
  const short = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  return `${short(span.from)}..${short(span.to)}`;
}

/** The name of a range that ends now: "Last 24 hours". */
export function nameOfLast(text: string): string {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (count === undefined) return text;
  const name = NAMES[unit as keyof typeof NAMES];
  return count === '1' ? `Last ${name}` : `Last ${count} ${name}s`;
}

export function boundsOf(span: Span, now: number): { from: number; to: number } {
  return span.kind === 'last' ? { from: now - span.ms, to: now } : { from: span.from, to: span.to };
}

/** A span that ends closer to now than this share of its length is treated as ending now. */
const CLOSE = 0.05;

/**
 * The previous (-1) or next (1) span of the same length, never in the future. A span that would end
 * now stays relative to now.
 */
export function shifted(span: Span, direction: -1 | 1, now: number): Span {
  const { from, to } = boundsOf(span, now);
  const length = to - from;
  const end = to + direction * length;
  if (end <= now - length * CLOSE) return { kind: 'between', from: end - length, to: end };
  return lastOf(length) ?? { kind: 'between', from: now - length, to: now };
}

/**
 * The span of this length that ends now: an offered one, or one in the largest unit that fits; null
 * if none does.
 */
function lastOf(ms: number): Span | null {
  const unit = (['d', 'h', 'm'] as const).find((name) => ms % UNITS[name] === 0);
  const texts = [...CHOICES, ...(unit === undefined ? [] : [`${ms / UNITS[unit]}${unit}`])];
  return texts.map(readSpan).find((span) => span?.kind === 'last' && span.ms === ms) ?? null;
}

const GRAINS = [
  ['MINUTE', 60_000],
  ['FIVE_MINUTES', 300_000],
  ['FIFTEEN_MINUTES', 900_000],
  ['HOUR', 3_600_000],
] as const;

/** What charts that share a row can show: seven days of hours. */
const MAX_BUCKETS = 170;

/**
 * The width of the buckets of charts that share a row: the finest with few enough buckets. Longer
 * spans leave the choice to the server.
 */
export function grainOf(span: Span): 'AUTO' | (typeof GRAINS)[number][0] {
  const { from, to } = boundsOf(span, 0);
  return GRAINS.find(([, ms]) => (to - from) / ms <= MAX_BUCKETS)?.[0] ?? 'AUTO';
}

/** The span as an argument of the API. */
export function rangeInput(span: Span, timeZone: string) {
  if (span.kind === 'last') return { last: `PT${span.ms / 60_000}M`, timeZone };
  const iso = (ms: number) => new Date(ms).toISOString();
  return { from: iso(span.from), to: iso(span.to), timeZone };
}

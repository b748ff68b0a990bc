/** What a number measures, which determines how it is formatted. */
export type Unit = 'count' | 'usd' | 'ms' | 'seconds' | 'tokens' | 'ratio' | 'bytes' | 'number' | 'perMinute';

/**
 * `short` fits a chart or a sentence; `column` keeps zeros at the end ("2.10 s", "1.0 %"), so that
 * the numbers of a column line up; `long` gives every significant digit.
 */
export type ValueStyle = 'short' | 'column' | 'long';

/** Shown if there is no value. */
export const NO_VALUE = '–';

const LOCALE = 'en-US';
const COMPACT_FROM = 10_000;
const NO_BREAK_SPACE = '\u00a0';

const written = (options: Intl.NumberFormatOptions) => {
  const format = new Intl.NumberFormat(LOCALE, options);
  return (value: number) => format.format(value);
};

const whole = written({ maximumFractionDigits: 0 });
const oneDigit = written({ maximumFractionDigits: 1 });
const twoDigits = written({ maximumFractionDigits: 2 });
const alwaysOneDigit = written({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigitsDown = written({ maximumFractionDigits: 2, roundingMode: 'floor' });
const twoSignificant = written({ maximumSignificantDigits: 2 });
const threeSignificant = written({ maximumSignificantDigits: 3 });
const alwaysThree = written({ minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const exact = written({ maximumFractionDigits: 6 });
const compact = written({ notation: 'compact', maximumSignificantDigits: 3 });
const compactThree = written({
  notation: 'compact',
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});
const dollars = { style: 'currency', currency: 'USD' } as const;
const usdWhole = written({ ...dollars, maximumFractionDigits: 0 });
const usdCents = written(dollars);
const usdSmall = written({ ...dollars, minimumFractionDigits: 2, maximumSignificantDigits: 2 });
const usdSmallTwo = written({ ...dollars, minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
const usdCompact = written({ ...dollars, notation: 'compact', maximumSignificantDigits: 3 });
const usdExact = written({ ...dollars, maximumFractionDigits: 6 });

const withUnit = (text: string, unit: string) => `${text}${NO_BREAK_SPACE}${unit}`;

function formatCount(value: number, style: ValueStyle): string {
  if (style === 'long') return whole(value);
  if (Math.abs(value) < COMPACT_FROM) return whole(value);
  return style === 'column' ? compactThree(value) : compact(value);
}

function formatNumber(value: number, style: ValueStyle): string {
  if (style === 'long') return exact(value);
  if (Math.abs(value) >= COMPACT_FROM) return style === 'column' ? compactThree(value) : compact(value);
  return Math.abs(value) < 100 ? threeSignificant(value) : oneDigit(value);
}

function formatUsd(value: number, style: ValueStyle): string {
  const size = Math.abs(value);
  if (size === 0) return usdWhole(0);
  if (style === 'long') return size < 1 ? usdExact(value) : usdCents(value);
  if (size < 0.00005) return '<$0.0001';
  if (size < 0.1) return style === 'column' ? usdSmallTwo(value) : usdSmall(value);
  return size < COMPACT_FROM ? usdCents(value) : usdCompact(value);
}

const MINUTE = 60_000;
/** Largest first: a duration is written in the first unit that it reaches. */
const DURATIONS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
  { unit: 'ms', ms: 1 },
] as const;

function formatDuration(ms: number, style: ValueStyle): string {
  const size = Math.abs(ms);
  // 999.6 ms rounds to a second, so it is shown as one.
  const step = DURATIONS.find((duration) => size >= duration.ms * 0.9995);
  if (step === undefined) return withUnit(threeSignificant(ms), 'ms');
  if (step.ms >= MINUTE) return inUnits(ms, style === 'long' ? DURATIONS.length : 2);
  const value = ms / step.ms;
  if (style === 'long') return withUnit(twoDigits(value), step.unit);
  if (style === 'column') return withUnit(alwaysThree(value), step.unit);
  return withUnit(Math.abs(value) < 10 ? twoDigits(value) : threeSignificant(value), step.unit);
}

/**
 * "1 min 50 s": a share of a minute or an hour is no number that people think in. Rounded to the
 * last of `most` units.
 */
function inUnits(ms: number, most: number): string {
  const first = DURATIONS.findIndex((duration) => Math.abs(ms) >= duration.ms * 0.9995);
  const units = DURATIONS.slice(first, first + most).filter((duration) => duration.ms >= 1000);
  const last = units.at(-1)?.ms ?? 1000;
  let rest = Math.round(Math.abs(ms) / last) * last;
  const parts = units.flatMap(({ unit, ms: size }) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [withUnit(whole(count), unit)] : [];
  });
  return (ms < 0 ? '-' : '') + parts.join(NO_BREAK_SPACE);
}

function formatRatio(value: number, style: ValueStyle): string {
  const percent = value * 100;
  // Neither "100 %" for less than all, nor "0 %" for more than none.
  if (percent > 99.9 && percent < 100) return withUnit(twoDigitsDown(percent), '%');
  if (Math.abs(percent) < 0.1) return withUnit(twoSignificant(percent), '%');
  if (style === 'long') return withUnit(twoDigits(percent), '%');
  const isSome = percent !== 0 && percent !== 100;
  return withUnit(style === 'column' && isSome ? alwaysOneDigit(percent) : oneDigit(percent), '%');
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

function formatBytes(value: number, style: ValueStyle): string {
  const reached = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3 + 1e-9);
  const step = Math.min(Math.max(reached, 0), BYTES.length - 1);
  const digits = style === 'column' && step > 0 ? alwaysThree : threeSignificant;
  return withUnit(digits(value / 1000 ** step), BYTES[step] ?? 'B');
}

const FORMATS: Record<Unit, (value: number, style: ValueStyle) => string> = {
  count: formatCount,
  number: formatNumber,
  usd: formatUsd,
  ms: formatDuration,
  seconds: (value, style) => formatDuration(value * 1000, style),
  tokens: (value, style) => (style === 'long' ? withUnit(whole(value), 'tokens') : formatCount(value, style)),
  ratio: formatRatio,
  bytes: formatBytes,
  perMinute: (value, style) => `${formatNumber(value, style)}/min`,
};

/**
 * The value as text with its unit, for example `12.3K`, `$0.0042`, `1.24 s`; "–" if there is none.
 */
export function formatValue(
  value: number | null | undefined,
  unit: Unit,
  style: ValueStyle = 'short',
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_VALUE;
  return FORMATS[unit](value, style);
}

/**
 * `axis` is the shortest form that distinguishes instants of a chart, `short` fits a table, `exact`
 * adds seconds, `long` is complete.
 */
export type TimeStyle = 'axis' | 'short' | 'exact' | 'long';

const LOCALE = 'en-US';
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { month: 'short', day: 'numeric' } as const;

type Formats = Record<'day' | 'clock' | 'seconds' | 'short' | 'exact' | 'long' | 'year', Intl.DateTimeFormat>;

const formatsByZone = new Map<string, Formats>();

/** The formats of a zone: creating one costs more than using it a thousand times. */
function formatsOf(timeZone: string): Formats {
  const known = formatsByZone.get(timeZone);
  if (known !== undefined) return known;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { ...options, timeZone });
  const made: Formats = {
    day: format(DAY),
    clock: format(CLOCK),
    seconds: format({ ...CLOCK, second: '2-digit' }),
    short: format({ ...DAY, ...CLOCK }),
    exact: format({ ...DAY, ...CLOCK, second: '2-digit' }),
    year: format({ ...DAY, ...CLOCK, year: 'numeric' }),
    long: format({
      weekday: 'short',
      ...DAY,
      year: 'numeric',
      ...CLOCK,
      second: '2-digit',
      timeZoneName: 'short',
    }),
  };
  formatsByZone.set(timeZone, made);
  return made;
}

/**
 * An instant, in epoch milliseconds, by the clock of `zone` (an IANA name). On an axis, midnight is
 * shown as its day.
 */
export function formatTime(ms: number, zone: string, style: TimeStyle): string {
  const formats = formatsOf(zone);
  if (style !== 'axis') return formats[style].format(ms);
  if (ms % 60_000 !== 0) return formats.seconds.format(ms);
  const clock = formats.clock.format(ms);
  return clock === '00:00' ? formats.day.format(ms) : clock;
}

/** The day alone, for example "Nov 30". */
export const formatDay = (ms: number, zone: string): string => formatsOf(zone).day.format(ms);

const STEPS = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

const relative = new Intl.RelativeTimeFormat(LOCALE, { style: 'narrow' });

/** How long ago `ms` was at `now`: "5m ago", "in 2h"; "just now" within 5 seconds. */
export function formatAgo(ms: number, now: number): string {
  const apart = ms - now;
  const step = STEPS.find(([, size]) => Math.abs(apart) >= size);
  if (step === undefined || Math.abs(apart) < 5000) return 'just now';
  return relative.format(Math.trunc(apart / step[1]), step[0]);
}

/**
 * A time range on one line. What both ends share is written once; the year is omitted if it is that
 * of `now`.
 */
export function formatRange(from: number, to: number, zone: string, now = Date.now()): string {
  const formats = formatsOf(zone);
  const yearOf = (ms: number) => formats.year.formatToParts(ms).find(({ type }) => type === 'year')?.value;
  const isThisYear = yearOf(from) === yearOf(now) && yearOf(to) === yearOf(now);
  return (isThisYear ? formats.short : formats.year).formatRange(from, to);
}

import { Temporal } from 'temporal-polyfill';
import { InvalidArgument } from '../errors.ts';
import type { Interval } from './range.ts';

/**
 * An interval [start, end) in which a zone's clocks are ahead of UTC by the same `offset`. All are
 * in milliseconds.
 */
export interface OffsetSpan {
  start: number;
  end: number;
  offset: number;
}

/**
 * The form of names in the IANA database. Temporal alone would also accept `2026-01-01T00:00[UTC]`.
 */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
/** Offsets, which not every version of Node.js supports: `+05:30`, `+0530`, `+05`. */
const OFFSET = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/;
const ALL_TIME = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/**
 * Spans by zone and calendar year: constants of the time zone database, of which a year takes up to
 * a millisecond to compute. The cache is cleared when it is full, because zones and years come from
 * requests.
 */
const spansByZoneAndYear = new Map<string, readonly OffsetSpan[]>();
const MAX_REMEMBERED_YEARS = 5000;

/** The canonical spelling of a time zone's id; undefined if there is no such zone. */
export function canonicalTimeZone(id: string): string | undefined {
  if (id === 'UTC') return id;
  const [offset, sign, hours, minutes = '00'] = OFFSET.exec(id) ?? [];
  if (offset !== undefined) return `${sign}${hours}:${minutes}`.replace('-00:00', '+00:00');
  if (!ZONE_NAME.test(id)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The same as `canonicalTimeZone`, but throws.
 *
 * @throws InvalidArgument if there is no such zone.
 */
export function requireTimeZone(id: string): string {
  const canonical = canonicalTimeZone(id);
  if (canonical !== undefined) return canonical;
  throw new InvalidArgument(
    `There is no time zone ${JSON.stringify(id)}: use an IANA name such as "Europe/Berlin" or ` +
      'an offset such as "+05:30".',
    'timeZone',
  );
}

/**
 * The span of a zone that never changes its clocks; undefined for other zones. Takes a canonical
 * id.
 */
export function constantSpan(timeZone: string): OffsetSpan | undefined {
  if (timeZone === 'UTC') return { ...ALL_TIME, offset: 0 };
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(timeZone);
  if (offset === null) return undefined;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return { ...ALL_TIME, offset: (offset[1] === '-' ? -minutes : minutes) * 60_000 };
}

/**
 * The spans of a zone that cover the interval, in ascending order; neighbours differ in offset.
 * Takes a canonical id.
 */
export function offsetSpans(timeZone: string, interval: Interval): OffsetSpan[] {
  const constant = constantSpan(timeZone);
  if (constant !== undefined) return [constant];
  const lastYear = new Date(interval.to).getUTCFullYear();
  const spans: OffsetSpan[] = [];
  for (let year = new Date(interval.from).getUTCFullYear(); year <= lastYear; year++) {
    for (const span of spansOfYear(timeZone, year)) {
      const before = spans.at(-1);
      if (before?.offset === span.offset) before.end = span.end;
      else spans.push({ ...span });
    }
  }
  return spans;
}

function spansOfYear(timeZone: string, year: number): readonly OffsetSpan[] {
  const key = `${timeZone} ${year}`;
  const remembered = spansByZoneAndYear.get(key);
  if (remembered !== undefined) return remembered;
  const spans = findSpans(timeZone, startOfUtcYear(year), startOfUtcYear(year + 1));
  if (spansByZoneAndYear.size >= MAX_REMEMBERED_YEARS) spansByZoneAndYear.clear();
  spansByZoneAndYear.set(key, spans);
  return spans;
}

function findSpans(timeZone: string, from: number, to: number): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let clock: Temporal.ZonedDateTime | null =
    Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  while (clock !== null && clock.epochMilliseconds < to) {
    const next: Temporal.ZonedDateTime | null = clock.getTimeZoneTransition('next');
    spans.push({
      start: clock.epochMilliseconds,
      end: Math.min(next?.epochMilliseconds ?? to, to),
      offset: clock.offsetNanoseconds / 1e6,
    });
    clock = next;
  }
  return spans;
}

function startOfUtcYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

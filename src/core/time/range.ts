import { Temporal } from 'temporal-polyfill';
import { InvalidArgument } from '../errors.ts';
import { parseDuration } from './duration.ts';

/** A half-open span of time: `from` belongs to it, `to` does not. Epoch milliseconds, UTC. */
export interface Interval {
  from: number;
  to: number;
}

/** The range of an analytics question. */
export interface AskedRange extends Interval {
  /**
   * True: a range that the kept data cannot cover exactly is rejected. Default: the range is cut to
   * what is kept.
   */
  readonly exact?: true;
}

/**
 * A range in an input: `from` with `to` (default: now), or `last`, an ISO-8601 duration that ends
 * now.
 */
export interface RangeInput {
  from?: number | null;
  to?: number | null;
  last?: string | null;
}

/** The years 1 to 9999, which every database and every text form of an instant can represent. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('+010000-01-01T00:00:00Z');

/**
 * The interval of an input. Years, months, weeks and days of `last` are counted on the calendar in
 * UTC: P1M before 31 March is 28 or 29 February.
 *
 * @throws InvalidArgument, at `path` or the wrong part of it, if the input is ambiguous or the
 *   interval is empty.
 */
export function resolveRange(input: RangeInput, now: number, path = 'range'): Interval {
  const { from = null, to = null, last = null } = input;
  if (last !== null) {
    if (from === null && to === null) return { from: startOfLast(last, now, `${path}.last`), to: now };
    throw new InvalidArgument(`${path} takes either last, or from with an optional to, not both.`, path);
  }
  if (from === null) {
    if (to === null) {
      throw new InvalidArgument(`${path} takes from with an optional to, or last such as "PT24H".`, path);
    }
    throw new InvalidArgument(`${path}.to needs ${path}.from beside it.`, `${path}.from`);
  }
  checkInstant(from, `${path}.from`);
  if (to === null) {
    if (from < now) return { from, to: now };
    throw new InvalidArgument(
      `${path}.from must be before now (${describe(now)}) when there is no ${path}.to.`,
      `${path}.from`,
    );
  }
  return intervalBetween({ from, to }, { from: `${path}.from`, to: `${path}.to` });
}

/**
 * The interval between two instants, in epoch milliseconds.
 *
 * @param named the arguments that hold them
 * @throws InvalidArgument at an argument that is not an instant, and at the second one for an empty
 *   interval.
 */
export function intervalBetween(
  { from, to }: Interval,
  named: { readonly from: string; readonly to: string },
): Interval {
  checkInstant(from, named.from);
  checkInstant(to, named.to);
  if (from < to) return { from, to };
  throw new InvalidArgument(
    `${named.to} must be after ${named.from}: ${describe(to)} is not after ${describe(from)}.`,
    named.to,
  );
}

function startOfLast(last: string, now: number, path: string): number {
  const start = subtract(last, now);
  if (start === null) {
    throw new InvalidArgument(`${path} takes an ISO-8601 duration such as "PT24H", "P7D" or "P1M".`, path);
  }
  if (!(start < now)) throw new InvalidArgument(`${path} must be longer than zero, such as "PT24H".`, path);
  if (start < EARLIEST) throw new InvalidArgument(`${path} reaches back before the year 1.`, path);
  return start;
}

/**
 * The instant that lies the duration before `now`, infinite if it is out of bounds; null if the
 * text is not a duration.
 */
function subtract(duration: string, now: number): number | null {
  const parsed = parseDuration(duration);
  if (parsed === null) return null;
  try {
    const present = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC');
    return present.subtract(parsed).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError)
      return parsed.sign > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    throw error;
  }
}

function checkInstant(instant: number, path: string): void {
  if (Number.isInteger(instant) && instant >= EARLIEST && instant < LATEST) return;
  throw new InvalidArgument(`${path} takes an instant in the years 1 to 9999.`, path);
}

function describe(instant: number): string {
  return new Date(instant).toISOString();
}

/** The interval of the same length that ends where this one begins. */
export function previousRange(interval: AskedRange): AskedRange {
  return { ...interval, from: interval.from - (interval.to - interval.from), to: interval.from };
}

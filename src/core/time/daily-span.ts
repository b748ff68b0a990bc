import { Temporal } from 'temporal-polyfill';

/**
 * A span of each day, by the clocks of a zone. It goes over midnight when it ends before it begins.
 */
export interface DailySpan {
  /** "22:00". */
  readonly from: string;
  /** "07:00"; not the same as `from`. */
  readonly until: string;
  /** IANA name, or an offset. */
  readonly timeZone: string;
}

/**
 * When the span ends in which an instant lies; null when it lies in none. An end that the clocks
 * show twice is the later of the two.
 *
 * @param at epoch milliseconds, as is the answer
 */
export function endOfDailySpan({ from, until, timeZone }: DailySpan, at: number): number | null {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const [time, end] = [local.toPlainTime(), Temporal.PlainTime.from(until)];
  const afterStart = Temporal.PlainTime.compare(time, from) >= 0;
  const beforeEnd = Temporal.PlainTime.compare(time, end) < 0;
  const overMidnight = Temporal.PlainTime.compare(from, end) > 0;
  if (overMidnight ? !afterStart && !beforeEnd : !afterStart || !beforeEnd) return null;
  const day = local.toPlainDate().add({ days: beforeEnd ? 0 : 1 });
  return day.toPlainDateTime(end).toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds;
}

import { Temporal } from 'temporal-polyfill';

/**
 * A span of each day, by the clocks of a zone. If it ends before it begins, it crosses midnight.
 */
export interface DailySpan {
  /** "22:00". */
  readonly from: string;
  /** "07:00"; must differ from `from`. */
  readonly until: string;
  /** IANA name, or an offset. */
  readonly timeZone: string;
}

/**
 * When the span that contains an instant ends; null if no span contains it. If the clocks show the
 * end twice, the later of the two.
 *
 * @param at epoch milliseconds, like the result
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

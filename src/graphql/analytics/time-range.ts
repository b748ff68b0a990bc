import type { InputRef } from '@pothos/core';
import { InvalidArgument } from '../../core/errors.ts';
import { type CalendarPeriod, calendarRange } from '../../core/time/calendar-range.ts';
import { type AskedRange, type Interval, resolveRange } from '../../core/time/range.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { calendarPeriod } from './calendar.ts';

/** The argument `range` after coercion. */
export interface TimeRangeInput {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly last?: string | null | undefined;
  readonly calendar?: CalendarPeriod | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly exact?: boolean | null | undefined;
}

/** `TimeRangeInput`; `readTimeRange` converts it to an interval. */
export function timeRangeInput(types: TypeRegistry): InputRef<TimeRangeInput> {
  return types.once('TimeRangeInput', (builder) =>
    builder.inputRef<TimeRangeInput>('TimeRangeInput').implement({
      description: 'A time range: give `from` and `to`, or `last`, or `calendar`.',
      fields: (t) => ({
        from: t.field({ type: 'DateTime', description: 'Start, inclusive.' }),
        to: t.field({ type: 'DateTime', description: 'End, exclusive. Default: now.' }),
        last: t.field({
          type: 'Duration',
          description: 'The length of a range that ends now, instead of the other fields.',
        }),
        calendar: t.field({
          type: calendarPeriod(types),
          description: 'A calendar period in `timeZone`, instead of the other fields.',
        }),
        timeZone: t.field({
          type: 'TimeZone',
          description: 'The time zone for `calendar`, and for `previous` in the answer. Default: UTC.',
        }),
        exact: t.boolean({
          defaultValue: false,
          description:
            'How to treat a range whose rows or fine rollup cells have expired. False: the ' +
            'stored data answers, and `source` or `extensions.kept` of the response describes ' +
            'it. True: the query fails unless exactly this range and its buckets can be ' +
            'answered.',
        }),
      }),
    }),
  );
}

/** `TimeRange`: a time range in an answer. */
export function timeRange(types: TypeRegistry) {
  return types.once('TimeRange', (builder) =>
    builder.objectRef<Interval>('TimeRange').implement({
      description: 'A half-open time range: `from` is inclusive, `to` is exclusive.',
      fields: (t) => ({
        from: t.expose('from', { type: 'DateTime', description: 'Start, inclusive.' }),
        to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
      }),
    }),
  );
}

/**
 * Converts the argument `range`, or the one that `path` names, to an interval. `now`: epoch
 * milliseconds.
 *
 * @throws InvalidArgument at the part that is not valid.
 */
export function readTimeRange({ exact, ...input }: TimeRangeInput, now: number, path = 'range'): AskedRange {
  return { ...intervalOf(input, now, path), ...(exact === true && { exact }) };
}

function intervalOf(
  { from, to, last, calendar, timeZone }: TimeRangeInput,
  now: number,
  path: string,
): Interval {
  if (calendar != null) {
    if (from == null && to == null && last == null) return calendarRange(calendar, timeZone ?? 'UTC', now);
    throw new InvalidArgument(`${path} takes either calendar, or last, or from with an optional to.`, path);
  }
  const given = { from: from?.getTime() ?? null, to: to?.getTime() ?? null, last: last ?? null };
  return resolveRange(given, now, path);
}

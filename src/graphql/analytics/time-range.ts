import type { InputRef } from '@pothos/core';
import { InvalidArgument } from '../../core/errors.ts';
import { type CalendarPeriod, calendarRange } from '../../core/time/calendar-range.ts';
import { type AskedRange, type Interval, resolveRange } from '../../core/time/range.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { calendarPeriod } from './calendar.ts';

/** A span of time as an argument, after coercion. */
export interface TimeRangeInput {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly last?: string | null | undefined;
  readonly calendar?: CalendarPeriod | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly exact?: boolean | null | undefined;
}

/** `TimeRangeInput`: `readTimeRange` says what it means. */
export function timeRangeInput(types: TypeRegistry): InputRef<TimeRangeInput> {
  return types.once('TimeRangeInput', (builder) =>
    builder.inputType('TimeRangeInput', {
      description: 'A span of time: `from` and `to`, or `last`, or `calendar`.',
      fields: (t) => ({
        from: t.field({ type: 'DateTime', description: 'Start, part of the range.' }),
        to: t.field({ type: 'DateTime', description: 'End, not part of the range. Default: now.' }),
        last: t.field({
          type: 'Duration',
          description: 'In place of the others: so long before now, until now.',
        }),
        calendar: t.field({
          type: calendarPeriod(types),
          description: 'In place of the others: a period of the calendar of `timeZone`.',
        }),
        timeZone: t.field({
          type: 'TimeZone',
          description: 'Whose calendar `calendar`, and `previous` of the answer, follow. Default: UTC.',
        }),
        exact: t.boolean({
          defaultValue: false,
          description:
            'What becomes of a range of which rows or fine rollup cells have expired. False: it is answered by what is kept, and ' +
            '`source`, or `extensions.kept` of the response, says what that is. True: it is an error unless exactly this range and ' +
            'its buckets can be answered.',
        }),
      }),
    }),
  ) as unknown as InputRef<TimeRangeInput>;
}

/** A span of time as an answer. */
export function timeRange(types: TypeRegistry) {
  return types.once('TimeRange', (builder) =>
    builder.objectRef<Interval>('TimeRange').implement({
      description: 'A half-open span of time: `from` is part of it, `to` is not.',
      fields: (t) => ({
        from: t.expose('from', { type: 'DateTime', description: 'Start, part of the range.' }),
        to: t.expose('to', { type: 'DateTime', description: 'End, not part of the range.' }),
      }),
    }),
  );
}

/**
 * The interval that the argument `range` asks for, seen from now.
 *
 * @throws InvalidArgument at the part that is wrong.
 */
export function readTimeRange({ exact, ...input }: TimeRangeInput, now: number): AskedRange {
  return { ...intervalOf(input, now), ...(exact === true && { exact }) };
}

function intervalOf({ from, to, last, calendar, timeZone }: TimeRangeInput, now: number): Interval {
  if (calendar != null) {
    if (from == null && to == null && last == null) return calendarRange(calendar, timeZone ?? 'UTC', now);
    throw new InvalidArgument('range takes either calendar, or last, or from with or without to.', 'range');
  }
  return resolveRange({ from: from?.getTime() ?? null, to: to?.getTime() ?? null, last: last ?? null }, now);
}

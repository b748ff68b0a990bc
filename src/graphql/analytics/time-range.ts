import type { InputRef } from '@pothos/core';
import { type Interval, resolveRange } from '../../core/time/range.ts';
import type { Parts } from '../dataset/parts.ts';

/** A span of time as an argument, after coercion. */
export interface TimeRangeInput {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly last?: string | null | undefined;
}

/** `TimeRangeInput`: `readTimeRange` says what it means. */
export function timeRangeInput(parts: Parts): InputRef<TimeRangeInput> {
  return parts.once('TimeRangeInput', (builder) =>
    builder.inputType('TimeRangeInput', {
      description: 'A span of time: `from` and `to`, or `last`.',
      fields: (t) => ({
        from: t.field({ type: 'DateTime', description: 'Start, part of the range.' }),
        to: t.field({ type: 'DateTime', description: 'End, not part of the range. Default: now.' }),
        last: t.field({
          type: 'Duration',
          description: 'In place of the others: so long before now, until now.',
        }),
      }),
    }),
  ) as unknown as InputRef<TimeRangeInput>;
}

/** A span of time as an answer. */
export function timeRange(parts: Parts) {
  return parts.once('TimeRange', (builder) =>
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
export function readTimeRange({ from, to, last }: TimeRangeInput, now: number): Interval {
  return resolveRange({ from: from?.getTime() ?? null, to: to?.getTime() ?? null, last: last ?? null }, now);
}

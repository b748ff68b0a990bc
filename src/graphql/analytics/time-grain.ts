import type { TypeRegistry } from '../type-registry.ts';

/** `TimeGrain`: the bucket widths of a series. */
export function timeGrain(types: TypeRegistry) {
  return types.once('TimeGrain', (builder) =>
    builder.enumType('TimeGrain', {
      description: 'The width of a time bucket, in the calendar of the requested time zone.',
      values: {
        AUTO: { description: 'A width chosen to suit the range.' },
        MINUTE: { description: 'One minute.' },
        FIVE_MINUTES: { description: 'Five minutes, aligned to the hour.' },
        FIFTEEN_MINUTES: { description: 'Fifteen minutes, aligned to the hour.' },
        HOUR: { description: 'One hour.' },
        DAY: { description: 'A calendar day: 23 or 25 hours long when clocks change.' },
        WEEK: { description: 'An ISO week, starting on Monday.' },
        MONTH: { description: 'A calendar month.' },
        QUARTER: { description: 'Three calendar months, starting in January, April, July and October.' },
        YEAR: { description: 'A calendar year.' },
      } as const,
    }),
  );
}

/** `SeriesFill`: how a series treats empty buckets. */
export function seriesFill(types: TypeRegistry) {
  return types.once('SeriesFill', (builder) =>
    builder.enumType('SeriesFill', {
      description: 'How a series treats empty buckets.',
      values: {
        ZERO: { description: 'Empty buckets have a point with count 0.' },
        NONE: { description: 'Empty buckets are omitted.' },
      } as const,
    }),
  );
}

/** The arguments `grain` and `timeZone` of a field that answers per time bucket. */
export function bucketArgs(types: TypeRegistry, { grain }: { readonly grain: 'AUTO' | 'WEEK' }) {
  return types.builder.args((t) => ({
    grain: t.field({
      type: timeGrain(types),
      defaultValue: grain,
      description: 'The width of the buckets.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      defaultValue: 'UTC',
      description: 'The time zone whose calendar the buckets follow, including daylight saving time.',
    }),
  }));
}

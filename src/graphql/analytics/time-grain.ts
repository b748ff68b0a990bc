import type { TypeRegistry } from '../type-registry.ts';

/** The widths of buckets that a series can have. */
export function timeGrain(types: TypeRegistry) {
  return types.once('TimeGrain', (builder) =>
    builder.enumType('TimeGrain', {
      description: 'The width of a bucket of time, in the calendar of the time zone that is asked for.',
      values: {
        AUTO: { description: 'A width that suits the range.' },
        MINUTE: { description: 'One minute.' },
        FIVE_MINUTES: { description: 'Five minutes, from the hour on.' },
        FIFTEEN_MINUTES: { description: 'Fifteen minutes, from the hour on.' },
        HOUR: { description: 'One hour.' },
        DAY: { description: 'A calendar day: 23 or 25 hours where clocks change.' },
        WEEK: { description: 'An ISO week, from Monday on.' },
        MONTH: { description: 'A calendar month.' },
        QUARTER: { description: 'Three calendar months, from January, April, July and October on.' },
        YEAR: { description: 'A calendar year.' },
      } as const,
    }),
  );
}

/** What a series does with buckets in which nothing happened. */
export function seriesFill(types: TypeRegistry) {
  return types.once('SeriesFill', (builder) =>
    builder.enumType('SeriesFill', {
      description: 'What a series does with buckets in which nothing happened.',
      values: {
        ZERO: { description: 'They have a point with count 0.' },
        NONE: { description: 'They are left out.' },
      } as const,
    }),
  );
}

import type { TypeRegistry } from '../type-registry.ts';

/** `CalendarPeriod`: the values of `calendar` in a range. */
export function calendarPeriod(types: TypeRegistry) {
  return types.once('CalendarPeriod', (builder) =>
    builder.enumType('CalendarPeriod', {
      description: 'A calendar period, relative to now.',
      values: {
        TODAY: { value: 'this day', description: 'From midnight until now.' },
        YESTERDAY: { value: 'last day', description: 'The day before.' },
        THIS_WEEK: { value: 'this week', description: 'From Monday until now.' },
        LAST_WEEK: { value: 'last week', description: 'The week before, Monday to Sunday.' },
        THIS_MONTH: { value: 'this month', description: 'From the first day of the month until now.' },
        LAST_MONTH: { value: 'last month', description: 'The month before.' },
        THIS_QUARTER: {
          value: 'this quarter',
          description: 'From 1 January, 1 April, 1 July or 1 October until now.',
        },
        LAST_QUARTER: { value: 'last quarter', description: 'The quarter before.' },
        THIS_YEAR: { value: 'this year', description: 'From 1 January until now.' },
        LAST_YEAR: { value: 'last year', description: 'The year before.' },
      } as const,
    }),
  );
}

/** `CalendarUnit`: the calendar period by which `previous` goes back. */
export function calendarUnit(types: TypeRegistry) {
  return types.once('CalendarUnit', (builder) =>
    builder.enumType('CalendarUnit', {
      description: 'The unit of a calendar period.',
      values: {
        DAY: { value: 'day', description: 'A day.' },
        WEEK: { value: 'week', description: 'A week.' },
        MONTH: {
          value: 'month',
          description:
            'A month. A day that does not exist in the earlier month becomes its last day. Whole ' +
            'months stay whole; any other range keeps its days and hours, so 30 November becomes ' +
            '30 October alone.',
        },
        QUARTER: { value: 'quarter', description: 'Three months, by the rules of MONTH.' },
        YEAR: { value: 'year', description: 'A year, by the rules of MONTH.' },
      } as const,
    }),
  );
}

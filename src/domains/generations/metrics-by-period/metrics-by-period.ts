import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { CALL_FIELDS, GENERATION_FIELDS, periodMetricsType } from './period-metrics.ts';
import { readPeriods } from './read-periods.ts';

/** Adds `metricsByPeriod`. */
export function addMetricsByPeriod(types: TypeRegistry): void {
  const type = periodMetricsType(types);
  const period = metricPeriod(types);
  types.builder.queryField('metricsByPeriod', (t) =>
    t.field({
      type: [type],
      description:
        'Generations and LLM calls per calendar period, the oldest first. Every period that the range touches is there, also ' +
        'where nothing happened, but not where nothing is kept; of the first and the last only the part within the range is counted. At most 1,000 periods. ' +
        'Only what is selected is computed.',
      args: {
        period: t.arg({ type: period, required: true, description: 'How long a period is.' }),
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'From when to when.' }),
        provider: t.arg.string({
          description: 'Only what this provider served, for example "openai"; default: all.',
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'Periods follow the calendar of this zone, daylight saving included.',
        }),
      },
      resolve: (_root, { period, range, provider, timeZone }, context, info) => {
        const selected = selectionOf(info);
        return readPeriods(context, {
          period,
          timeZone: timeZone ?? 'UTC',
          range: readTimeRange(range, context.services.clock.now()),
          provider: provider ?? null,
          withGenerations: GENERATION_FIELDS.some((field) => selected.has(field)),
          withCalls: CALL_FIELDS.some((field) => selected.has(field)),
        });
      },
    }),
  );
}

function metricPeriod({ builder }: TypeRegistry) {
  return builder.enumType('MetricPeriod', {
    description: 'How long a calendar period is.',
    values: {
      DAY: { description: 'A calendar day: 23 or 25 hours where clocks change.' },
      WEEK: { description: 'An ISO week, from Monday on.' },
      MONTH: { description: 'A calendar month.' },
    } as const,
  });
}

import { generations } from '../../../declarations/generations/generations.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
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
      authScopes: readsRowsOf(generations, llmCalls),
      type: [type],
      description:
        'Generations and LLM calls per calendar period, oldest first. Includes every period that ' +
        'the range touches, even if empty, except where the data has expired. Only the part of the ' +
        'first and the last period that lies within the range counts. At most 1,000 periods. Only ' +
        'selected fields are computed.',
      args: {
        period: t.arg({ type: period, required: true, description: 'The length of a period.' }),
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
        provider: t.arg.string({
          description:
            'Only generations and calls that this provider served, for example "openai". Default: all.',
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone whose calendar the periods follow, including daylight saving time.',
        }),
      },
      extensions: costsAnalyses({ datasets: [generations], measures: 3, grain: 'DAY' }),
      resolve: (_root, { period, range, archive, provider, timeZone }, context, info) => {
        const selected = selectionOf(info);
        return readPeriods(reachingArchive(context, { archive }), {
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
    description: 'The length of a calendar period.',
    values: {
      DAY: { description: 'A calendar day: 23 or 25 hours long when clocks change.' },
      WEEK: { description: 'An ISO week, starting on Monday.' },
      MONTH: { description: 'A calendar month.' },
    } as const,
  });
}

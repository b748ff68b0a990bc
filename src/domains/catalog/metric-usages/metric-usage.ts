import type { Series } from '../../../analytics/spec.ts';
import { analyticsSource, sourceBeside } from '../../../graphql/analytics/source.ts';
import { timeRange } from '../../../graphql/analytics/time-range.ts';
import type { ArgumentBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readUsage, type Usage, type UserOfMetric } from './read-usage.ts';
import { addUsageCount } from './usage-count.ts';

const DEFAULT_DAYS = 30;
const DEFAULT_TIME_ZONE = 'UTC';

/** Adds `metricUsageStats` and `Metric.usageCount`. */
export function addMetricUsage(types: TypeRegistry): void {
  addUsageCount(types);
  const type = usageType(types);
  types.builder.queryField('metricUsageStats', (t) =>
    t.field({
      type,
      description:
        'How a metric was used on the last calendar days, per day and per user. The metric need not be in the catalog.',
      args: {
        metricId: t.arg.string({ required: true, description: 'The metric, by its id.' }),
        ...daysArguments(t.arg),
      },
      resolve: (_root, { metricId, ...args }, context) => readUsage(context, { metricId, ...question(args) }),
    }),
  );
}

function daysArguments(arg: ArgumentBuilder) {
  return {
    days: arg.int({
      defaultValue: DEFAULT_DAYS,
      description:
        'How many days, today included; 1 to 366. Where retention has removed what some of them are counted from, `source` says ' +
        'what was counted instead: days of UTC stay the longest, those of zones off by half an hour the shortest.',
    }),
    timeZone: arg({
      type: 'TimeZone',
      defaultValue: DEFAULT_TIME_ZONE,
      description: 'Where the days begin and end.',
    }),
  };
}

/** An explicit null is the default, too. */
function question(args: { days?: number | null; timeZone?: string | null }) {
  return { days: args.days ?? DEFAULT_DAYS, timeZone: args.timeZone ?? DEFAULT_TIME_ZONE };
}

function usageType(types: TypeRegistry): ObjectType<Usage> {
  const day = dayType(types);
  const user = userType(types);
  return types.builder.objectRef<Usage>('MetricUsageReport').implement({
    description: 'The uses of a metric on some calendar days.',
    fields: (t) => ({
      metricId: t.exposeString('metricId', { description: 'The metric, by its id.' }),
      range: t.field({
        type: timeRange(types),
        description: 'From the beginning of the first day to the end of today.',
        resolve: ({ range }) => range,
      }),
      source: t.field({
        type: analyticsSource(types),
        nullable: true,
        description: 'Where the numbers beside this field came from; null when none is selected.',
        resolve: ({ asked }) => sourceBeside(asked),
      }),
      total: t.field({
        type: 'SafeInt',
        description: 'How often it was used on these days.',
        resolve: (usage) => usage.total(),
      }),
      days: t.field({
        type: [day],
        description:
          'Each of the days, also those without any use, but not those of which nothing is kept; the oldest first.',
        resolve: (usage) => usage.days(),
      }),
      users: t.field({
        type: [user],
        description: 'Who used it, most uses first; at most 100.',
        resolve: (usage) => usage.users(),
      }),
    }),
  });
}

function dayType({ builder }: TypeRegistry) {
  return builder.objectRef<Series['points'][number]>('MetricUsageDay').implement({
    description: 'The uses of a metric on one calendar day.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Where the day begins.' }),
      end: t.expose('end', { type: 'DateTime', description: 'Where it ends, exclusive.' }),
      uses: t.field({
        type: 'SafeInt',
        description: 'How often the metric was used.',
        resolve: ({ stats }) => stats.rowCount,
      }),
    }),
  });
}

function userType({ builder }: TypeRegistry) {
  return builder.objectRef<UserOfMetric>('MetricUser').implement({
    description: 'Somebody who used a metric.',
    fields: (t) => ({
      usedBy: t.exposeString('usedBy', { description: 'Who: a person, a dashboard, a service.' }),
      uses: t.expose('uses', { type: 'SafeInt', description: 'How often.' }),
      share: t.exposeFloat('share', { description: 'Share of all uses on these days, 0 to 1.' }),
    }),
  });
}

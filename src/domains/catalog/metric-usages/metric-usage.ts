import type { Series } from '../../../analytics/spec.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { lastDays, MAX_DAYS } from '../../../core/time/last-days.ts';
import { metricUsages } from '../../../declarations/catalog/metric-usages.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { analyticsSource, sourceBeside } from '../../../graphql/analytics/source.ts';
import { timeRange } from '../../../graphql/analytics/time-range.ts';
import type { ArgumentBuilder, ObjectType } from '../../../graphql/builder.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { ofMetric } from '../catalog.ts';
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
      authScopes: readsRowsOf(metricUsages),
      type,
      description:
        'The uses of a metric over the last calendar days, per day and per user. The metric need ' +
        'not be in the catalog.',
      args: {
        metricId: t.arg.string({ required: true, description: 'The metric, by its id.' }),
        ...daysArguments(t.arg),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costs(({ args, now }) => {
        const { days, timeZone } = question(args);
        const filter = ofMetric(args.metricId);
        const asked = { datasets: [metricUsages], dimensions: ['usedBy'], grain: 'DAY', filter } as const;
        const range = lastDays(checkBetween(days, MAX_DAYS, 'days'), timeZone, now);
        return { rows: args.archive === true ? costOfAnalyses(asked, args, range) : days, whole: true };
      }),
      resolve: (_root, { metricId, archive, ...args }, context) =>
        readUsage(reachingArchive(context, { archive }), { metricId, ...question(args) }),
    }),
  );
}

function daysArguments(arg: ArgumentBuilder) {
  return {
    days: arg.int({
      defaultValue: DEFAULT_DAYS,
      description:
        'Number of days including today, 1 to 1,000. Where retention has removed the data of ' +
        'some days, `source` says what was counted instead: UTC days are kept the longest, ' +
        'days of time zones with a half-hour offset the shortest.',
    }),
    timeZone: arg({
      type: 'TimeZone',
      defaultValue: DEFAULT_TIME_ZONE,
      description: 'The time zone of the calendar days.',
    }),
  };
}

/** An explicit null also means the default. */
function question(args: { days?: number | null; timeZone?: string | null }) {
  return { days: args.days ?? DEFAULT_DAYS, timeZone: args.timeZone ?? DEFAULT_TIME_ZONE };
}

function usageType(types: TypeRegistry): ObjectType<Usage> {
  const day = dayType(types);
  const user = userType(types);
  return types.builder.objectRef<Usage>('MetricUsageReport').implement({
    description: 'The uses of a metric over a number of calendar days.',
    fields: (t) => ({
      metricId: t.exposeString('metricId', { description: 'The metric, by its id.' }),
      range: t.field({
        type: timeRange(types),
        description: 'The range from the start of the first day to the end of today.',
        resolve: ({ range }) => range,
      }),
      source: t.field({
        type: analyticsSource(types),
        nullable: true,
        description: 'The source of the numbers beside this field; null if none is selected.',
        resolve: ({ asked }) => sourceBeside(asked),
      }),
      total: t.field({
        type: 'SafeInt',
        description: 'Number of uses on these days.',
        resolve: (usage) => usage.total(),
      }),
      days: t.field({
        type: [day],
        description:
          'The days, oldest first. Includes days without any use, but not days whose data has expired.',
        resolve: (usage) => usage.days(),
      }),
      users: t.field({
        type: [user],
        description: 'Who used the metric, most uses first; at most 100.',
        resolve: (usage) => usage.users(),
      }),
    }),
  });
}

function dayType({ builder }: TypeRegistry) {
  return builder.objectRef<Series['points'][number]>('MetricUsageDay').implement({
    description: 'The uses of a metric on one calendar day.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Start of the day.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the day, exclusive.' }),
      uses: t.field({
        type: 'SafeInt',
        description: 'Number of uses.',
        resolve: ({ stats }) => stats.rowCount,
      }),
    }),
  });
}

function userType({ builder }: TypeRegistry) {
  return builder.objectRef<UserOfMetric>('MetricUser').implement({
    description: 'Somebody who used a metric.',
    fields: (t) => ({
      usedBy: t.exposeString('usedBy', { description: 'The user: a person, a dashboard, a service.' }),
      uses: t.expose('uses', { type: 'SafeInt', description: 'Number of uses.' }),
      share: t.exposeFloat('share', { description: 'Share of all uses on these days, 0 to 1.' }),
    }),
  });
}

import type { Series } from '../../../analytics/spec.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { lastDays, MAX_DAYS } from '../../../core/time/last-days.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

type Point = Series['points'][number];

const DEFAULT_DAYS = 7;
const COMPLETED: Filter = {
  kind: 'test',
  field: 'eventType',
  operator: 'eq',
  value: 'COMPLETED',
  negated: false,
};

/** Adds `taskVelocity`. */
export function addTaskVelocity(types: TypeRegistry): void {
  const type = velocityPointType(types);
  types.builder.queryField('taskVelocity', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'Tasks completed per calendar day, up to and including today. Days without completions ' +
        'are included; days whose data has expired are omitted. Completions are counted: a task ' +
        'that is reopened and completed again counts on both days.',
      args: {
        days: t.arg.int({
          defaultValue: DEFAULT_DAYS,
          description: 'Number of days including today, 1 to 1,000.',
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone of the calendar days.',
        }),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costs(({ args, now }) => {
        const { days, zone } = readDays(args);
        const asked = { datasets: [taskEvents], grain: 'DAY', filter: COMPLETED } as const;
        const cells = args.archive === true ? costOfAnalyses(asked, args, lastDays(days, zone, now)) : days;
        return { rows: cells, whole: true };
      }),
      resolve: async (_root, args, context): Promise<readonly Point[]> => {
        const { projectId, services } = reachingArchive(context, args);
        const { days, zone } = readDays(args);
        const range = lastDays(days, zone, services.clock.now());
        const { value } = await services.analytics.series(
          { dataset: taskEvents, projectId, range, filter: COMPLETED },
          [],
          { grain: 'DAY', timeZone: zone, dimensions: [], top: 1, fill: 'ZERO' },
        );
        return value[0]?.points ?? [];
      },
    }),
  );
}

interface DaysArguments {
  readonly days?: number | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/** @throws InvalidArgument at `days` */
function readDays({ days: asked, timeZone }: DaysArguments) {
  const days = asked ?? DEFAULT_DAYS;
  if (days >= 1 && days <= MAX_DAYS) return { days, zone: timeZone ?? 'UTC' };
  throw new InvalidArgument(`\`days\` must be between 1 and ${MAX_DAYS}, not ${days}.`, 'days');
}

function velocityPointType({ builder }: TypeRegistry) {
  return builder.objectRef<Point>('TaskVelocityPoint').implement({
    description: 'Number of tasks completed on one day.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Start of the day.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the day, exclusive.' }),
      completed: t.field({
        type: 'SafeInt',
        description: 'Completions on that day.',
        resolve: ({ stats }) => stats.rowCount,
      }),
    }),
  });
}

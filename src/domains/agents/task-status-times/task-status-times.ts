import { InvalidArgument } from '../../../core/errors.ts';
import { textValue } from '../../../core/filter-value.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readStatusTimes, type TaskStatusTime } from './read-status-times.ts';

const MAX_STATUSES = 100;

/** Adds `taskStatusTimes`. */
export function addTaskStatusTimes(types: TypeRegistry): void {
  const type = statusTimeType(types);
  types.builder.queryField('taskStatusTimes', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'How long tasks stay in each status, from the stays that ended in the range. Most stays ' +
        'first; at most 1,000 entries. If `assignedTo` is selected, there is one entry per status ' +
        'and assignee. A stay runs from the event that set the status to the next event of the ' +
        'task that set another status or deleted the task.',
      args: {
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description: 'The time range in which the stays ended.',
        }),
        filter: t.arg({
          type: filterInput(types, taskEvents),
          description:
            'Only stays that ended with a matching event. Default: all. `assignedTo` is the ' +
            'assignee up to that event, whatever the event itself says.',
        }),
        statuses: t.arg.stringList({
          description: 'Only stays in these statuses, such as "review". 1 to 100. Default: in any.',
        }),
      },
      // Only rows tell the time between events.
      extensions: costsAnalyses({ datasets: [taskEvents], dimensions: ['taskId'] }),
      resolve: (_root, { range, filter, statuses }, context, info) =>
        readStatusTimes(context, readTimeRange(range, context.services.clock.now()), {
          filter: readFilter(taskEvents, filter),
          statuses: statuses == null ? null : checkStatuses(statuses),
          byAssignee: selectionOf(info).has('assignedTo'),
        }),
    }),
  );
}

function checkStatuses(statuses: readonly string[]): readonly string[] {
  if (statuses.length > 0 && statuses.length <= MAX_STATUSES)
    return statuses.map((status, index) => textValue(status, `statuses.${index}`));
  throw new InvalidArgument(
    `\`statuses\` takes 1 to ${MAX_STATUSES} statuses, not ${statuses.length}. Omit it for stays in any.`,
    'statuses',
  );
}

function statusTimeType({ builder }: TypeRegistry) {
  return builder.objectRef<TaskStatusTime>('TaskStatusTime').implement({
    description: 'How long tasks stayed in a status, in milliseconds.',
    fields: (t) => ({
      status: t.exposeString('status', { description: 'The status of the stays.' }),
      assignedTo: t.exposeString('assignedTo', {
        nullable: true,
        description:
          'The assignee of the task until the event that ended the stays; null if unassigned. ' +
          'Select it to group by it.',
      }),
      count: t.expose('count', { type: 'SafeInt', description: 'Stays that ended in the range.' }),
      medianMs: t.exposeFloat('medianMs', {
        description: 'Their median, interpolated between the two stays around it.',
      }),
      p90Ms: t.exposeFloat('p90Ms', {
        description: 'Their 90th percentile, interpolated between the two stays around it.',
      }),
      averageMs: t.exposeFloat('averageMs', { description: 'Their arithmetic mean.' }),
    }),
  });
}

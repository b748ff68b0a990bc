import { visibleRows } from '../../access/visible-rows.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { valueIn } from '../../core/dataset/field.ts';
import type { Row } from '../../core/dataset/row.ts';
import { equalTestsOf } from '../../core/equal-tests.ts';
import { type Filter, matches } from '../../core/filter.ts';
import { readFilter } from '../../filter/read-filter.ts';
import type { TailDelivery } from '../../instances/tail-delivery.ts';
import type { SubscribeOptions } from '../../live/live.ts';
import { entityType, toEntity } from '../entities/entity.ts';
import { filterInput } from '../lists/filter.ts';
import { noteDroppedEvents, notePosition } from '../live/use-dropped-events.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** Adds the live tail of a dataset: `llmCallRecorded(filter)`. */
export function addLiveTail(types: TypeRegistry, dataset: Dataset): void {
  types.builder.subscriptionField(dataset.fields.live, (t) =>
    t.field({
      authScopes: readsRowsOf(dataset),
      type: entityType(types, dataset),
      description:
        `Delivers each of the ${dataset.name} once, when any instance stores it. A slow subscriber ` +
        'misses events; the next result counts them in `extensions.dropped`. With `after`, the ' +
        'subscription continues where another one ended and misses no events: those that it was ' +
        'too slow for are delivered later, and some may be delivered twice.',
      args: {
        filter: t.arg({
          type: filterInput(types, dataset),
          description: 'Only events that match this filter. Default: all.',
        }),
        after: t.arg.string({
          description:
            'Where to start: the `extensions.position` of the last result that you received, from ' +
            'this server or another one on the same database; "" starts now. Events that were ' +
            'stored after that position come first. With this argument, every result has an ' +
            '`extensions.position`. Events that were stored shortly after the position may be ' +
            'delivered again: skip those whose `id` you already have. BAD_USER_INPUT if more than ' +
            '100,000 events have been stored since, or if the event at the position is no longer ' +
            'stored because it expired or an older backup was restored. Default: starts now, ' +
            'without positions.',
        }),
      },
      subscribe: (_root, { filter, after }, { caller, projectId, services }) => {
        const wanted = both(visibleRows(caller, dataset), readFilter(dataset, filter));
        return services.tails.open(dataset, { projectId, ...wantedRows(dataset, projectId, wanted), after });
      },
      resolve: (delivery: TailDelivery, _args, context) => {
        noteDroppedEvents(context, delivery.dropped);
        notePosition(context, delivery.position);
        return toEntity(dataset, delivery.event);
      },
    }),
  );
}

/** The rows that a subscriber wants. A topic carries the events of all projects. */
export function wantedRows(
  dataset: Dataset,
  projectId: string,
  filter: Filter | null,
): Required<Pick<SubscribeOptions<Row>, 'accepts' | 'conditions'>> {
  const read = (field: string) => (row: Row) => valueIn(dataset, row, field);
  const projectAt = dataset.at.projectId;
  return {
    accepts: (row) =>
      row[projectAt] === projectId &&
      (filter === null || matches(filter, (field) => valueIn(dataset, row, field))),
    conditions: [
      { name: 'projectId', read: read('projectId'), values: [projectId] },
      ...equalTestsOf(filter).map(({ field, values }) => ({ name: field, read: read(field), values })),
    ],
  };
}

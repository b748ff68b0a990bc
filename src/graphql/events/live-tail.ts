import { visibleRows } from '../../access/visible-rows.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { valueIn } from '../../core/dataset/field.ts';
import type { Row } from '../../core/dataset/row.ts';
import { equalTestsOf } from '../../core/equal-tests.ts';
import { type Filter, matches } from '../../core/filter.ts';
import { readFilter } from '../../filter/read-filter.ts';
import type { Delivery, SubscribeOptions } from '../../live/live.ts';
import { entityType, toEntity } from '../entities/entity.ts';
import { filterInput } from '../lists/filter.ts';
import { noteDroppedEvents } from '../live/use-dropped-events.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** Adds the live tail of a dataset: `llmCallRecorded(filter)`. */
export function addLiveTail(types: TypeRegistry, dataset: Dataset): void {
  types.builder.subscriptionField(dataset.fields.live, (t) =>
    t.field({
      authScopes: readsRowsOf(dataset),
      type: entityType(types, dataset),
      description:
        `Delivers each of the ${dataset.name} once, as it is stored. A slow subscriber misses ` +
        'events: the next result counts them in `extensions.dropped`.',
      args: {
        filter: t.arg({
          type: filterInput(types, dataset),
          description: 'Only events that match this filter. Default: all.',
        }),
      },
      subscribe: (_root, { filter }, { caller, projectId, services }) => {
        const wanted = both(visibleRows(caller, dataset), readFilter(dataset, filter));
        return services.live.subscribe<Row>(dataset.topic, wantedRows(dataset, projectId, wanted));
      },
      resolve: (delivery: Delivery<Row>, _args, context) => {
        noteDroppedEvents(context, delivery.dropped);
        return toEntity(dataset, delivery.event);
      },
    }),
  );
}

/** A topic carries the events of all projects. */
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

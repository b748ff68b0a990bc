import type { Dataset } from '../../core/dataset/dataset.ts';
import { findOldestRows } from '../../lists/newest-per-key.ts';
import { checkPageSize, MAX_PAGE_SIZE } from '../../lists/page.ts';
import { type Entity, entityType, needsColumns, selectColumns, selectedColumns } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { addRelationToOne } from './relation-to-one.ts';

const DEFAULT_RELATED = 100;

/**
 * Relates requests to the events that belong to them, both ways, by `requestId`: there are no
 * foreign keys, and an event may arrive before its request. `requests` is the dataset whose natural
 * key is `requestId`.
 */
export function addRequestRelations(types: TypeRegistry, requests: Dataset): void {
  const belonging = types.datasets.filter((dataset) => dataset.belongsToRequest && dataset !== requests);
  for (const dataset of belonging) {
    addEventsOfRequest(types, requests, dataset);
    addRelationToOne(types, {
      from: dataset,
      to: requests,
      key: 'requestId',
      description: 'The request that the event belongs to; null until it is recorded.',
    });
  }
}

/** `requestLog { llmCalls(first) }` */
function addEventsOfRequest(types: TypeRegistry, requests: Dataset, dataset: Dataset): void {
  const load = createFieldBatches<string, Entity[]>();
  types.builder.objectField(entityType(types, requests), dataset.name, (t) =>
    t.field({
      type: [entityType(types, dataset)],
      description: `${dataset.name} of the request, oldest first.`,
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_RELATED,
          description: `Maximum number per request, 1 to ${MAX_PAGE_SIZE}.`,
        }),
      },
      extensions: needsColumns('requestId'),
      resolve: async ({ requestId }, args, context, info) => {
        const first = checkPageSize(args.first, 'first') ?? DEFAULT_RELATED;
        const loadMany = async (requestIds: readonly string[]) => {
          const columns = selectedColumns(dataset, selectColumns(info, dataset, selectionOf(info)));
          const wanted = {
            projectId: context.projectId,
            table: dataset,
            column: 'requestId',
            keys: requestIds,
          };
          const oldest = await findOldestRows(context.services.store, { ...wanted, first }, columns);
          return new Map([...oldest].map(([of, events]) => [of, events.map(({ row }) => row)]));
        };
        return (await load(context, info, requestId as string, loadMany)) ?? [];
      },
    }),
  );
}

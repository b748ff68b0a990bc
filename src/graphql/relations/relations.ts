import { sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { checkPageSize, MAX_PAGE_SIZE } from '../../lists/page.ts';
import type { Context } from '../context.ts';
import { type Entity, entityType, needsColumns, selectColumns } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { loadEntities } from '../entities/load-entities.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { addRelationToOne } from './relation-to-one.ts';

const DEFAULT_RELATED = 100;

/**
 * Relates requests to the events that belong to them, both ways, by `requestId`: there are no foreign keys, and an event may
 * arrive before its request. `requests` is the dataset whose natural key is `requestId`.
 */
export function addRequestRelations(types: TypeRegistry, requests: Dataset): void {
  const belonging = types.datasets.filter((dataset) => dataset.belongsToRequest && dataset !== requests);
  for (const dataset of belonging) {
    addEventsOfRequest(types, requests, dataset);
    addRelationToOne(types, {
      from: dataset,
      to: requests,
      key: 'requestId',
      description: 'The request that the event belongs to; null while it is not recorded.',
    });
  }
}

/** `requestLog { llmCalls(first) }` */
function addEventsOfRequest(types: TypeRegistry, requests: Dataset, dataset: Dataset): void {
  const load = createFieldBatches<string, Entity[]>();
  types.builder.objectField(entityType(types, requests), dataset.name, (t) =>
    t.field({
      type: [entityType(types, dataset)],
      description: `${dataset.name} of the request, the oldest first.`,
      args: {
        first: t.arg.int({
          defaultValue: DEFAULT_RELATED,
          description: `How many per request, 1 to ${MAX_PAGE_SIZE}.`,
        }),
      },
      extensions: needsColumns('requestId'),
      resolve: async ({ requestId }, args, context, info) => {
        const first = checkPageSize(args.first, 'first') ?? DEFAULT_RELATED;
        const loadMany = async (requestIds: readonly string[]) => {
          const keys = await findKeysOfRequests(context, dataset, requestIds, first);
          const ids = keys.map(({ id }) => id);
          const select = selectColumns(info, dataset, selectionOf(info));
          return groupByRequest(keys, await loadEntities(dataset, context, ids, select));
        };
        return (await load(context, info, requestId as string, loadMany)) ?? [];
      },
    }),
  );
}

interface RequestKey {
  readonly id: string;
  readonly request_id: string;
}

/** The ids of the first events of each request, in order: one statement for all requests. */
async function findKeysOfRequests(
  { services, projectId }: Context,
  dataset: Dataset,
  requestIds: readonly string[],
  first: number,
): Promise<readonly RequestKey[]> {
  const { query } = services.store;
  const position = sql<number>`row_number() over (partition by request_id order by timestamp, id)`;
  const numbered = query
    .selectFrom(dataset.table)
    .where('project_id', '=', projectId)
    .where('request_id', 'in', requestIds)
    .select(['id', 'request_id', position.as('position')]);
  const rows = await query
    .selectFrom(numbered.as('numbered'))
    .where('position', '<=', first)
    .orderBy('position')
    .select(['id', 'request_id'])
    .execute();
  return rows as RequestKey[];
}

function groupByRequest(
  keys: readonly RequestKey[],
  entities: ReadonlyMap<string, Entity>,
): ReadonlyMap<string, Entity[]> {
  const groups = new Map<string, Entity[]>();
  for (const { id, request_id } of keys) {
    const entity = entities.get(id);
    if (entity === undefined) continue;
    const group = groups.get(request_id);
    if (group === undefined) groups.set(request_id, [entity]);
    else group.push(entity);
  }
  return groups;
}

import type { GraphQLResolveInfo } from 'graphql';
import type { EntityTable } from '../../core/dataset/table.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { decodeGlobalId, encodeGlobalId, type GlobalId } from '../../core/global-id.ts';
import { MAX_PAGE_SIZE } from '../../lists/page.ts';
import type { Context } from '../context.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Entity, selectColumns } from './entity.ts';
import { loadEntities } from './load-entities.ts';

/** Adds `node` and `nodes`: anything by its global id, within the caller's project. */
export function addNodeQueries(types: TypeRegistry): void {
  const { builder } = types;
  builder.queryField('node', (t) =>
    t.field({
      type: builder.nodeInterfaceRef(),
      nullable: true,
      description: 'The object with this global id; null if there is none.',
      args: { id: t.arg.id({ required: true, description: 'A global id, such as "LlmCall:<uuid>".' }) },
      resolve: async (_root, { id }, context, info) => {
        const [node] = await loadNodes(types, context, info, [{ id, argument: 'id' }]);
        return node ?? null;
      },
    }),
  );
  builder.queryField('nodes', (t) =>
    t.field({
      type: [builder.nodeInterfaceRef()],
      nullable: { list: false, items: true },
      description:
        'The objects with these global ids, in the same order; null for an id without an object. ' +
        `At most ${MAX_PAGE_SIZE}.`,
      args: { ids: t.arg.idList({ required: true, description: 'Global ids.' }) },
      resolve: (_root, { ids }, context, info) => {
        if (ids.length > MAX_PAGE_SIZE) {
          throw new InvalidArgument(`\`ids\` takes at most ${MAX_PAGE_SIZE} ids, not ${ids.length}.`, 'ids');
        }
        const asked = ids.map((id, index) => ({ id, argument: `ids.${index}` }));
        return loadNodes(types, context, info, asked);
      },
    }),
  );
}

interface AskedNode {
  readonly id: string;
  readonly argument: string;
}

async function loadNodes(
  { tables }: TypeRegistry,
  context: Context,
  info: GraphQLResolveInfo,
  asked: readonly AskedNode[],
): Promise<(object | null)[]> {
  const ids = asked.map(({ id, argument }) => ({ ...decodeGlobalId(id, argument), id, argument }));
  const stranger = ids.find(({ entity }) => !tables.some((table) => table.entity === entity));
  if (stranger !== undefined) {
    throw new InvalidArgument(
      `"${stranger.id}" is not a valid id: there is no type ${stranger.entity}.`,
      stranger.argument,
    );
  }
  const found = await loadByGlobalIds(tables, context, info, ids);
  return ids.map(({ entity, uuid }) => found.get(encodeGlobalId(entity, uuid)) ?? null);
}

/**
 * Entities of these tables by their global ids, with the columns that are selected: one statement
 * per table.
 */
export async function loadByGlobalIds(
  tables: readonly EntityTable[],
  context: Context,
  info: GraphQLResolveInfo,
  ids: readonly GlobalId[],
): Promise<ReadonlyMap<string, object>> {
  const found = new Map<string, object>();
  await Promise.all(
    tables.map(async (table) => {
      const uuids = ids.filter(({ entity }) => entity === table.entity).map(({ uuid }) => uuid);
      if (uuids.length === 0) return;
      const select = selectColumns(info, table, selectionOf(info, table.entity));
      const entities = await loadEntities(table, context, uuids, select);
      for (const [uuid, entity] of entities)
        found.set(encodeGlobalId(table.entity, uuid), withType(entity, table.entity));
    }),
  );
  return found;
}

/** The Node interface finds the object type by it. */
function withType(entity: Entity, typename: string): object {
  return Object.assign(entity, { __typename: typename });
}

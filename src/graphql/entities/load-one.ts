import type { GraphQLResolveInfo } from 'graphql';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { StoredRow as Entity } from '../../lists/stored-rows.ts';
import type { Context } from '../context.ts';
import { createFieldBatches } from './field-batches.ts';
import { loadEntities } from './load-entities.ts';
import { type Select, selectEntities } from './selected.ts';

/**
 * Loads the entity that a field returns, by its UUID, with the selected columns; null if there is
 * none. One statement serves all parents of the field.
 */
export function createEntityLoader(table: EntityTable) {
  const load = createFieldBatches<string, Entity>();
  // `nodes` loads all of its ids with the same `info`.
  const selected = new WeakMap<GraphQLResolveInfo, Select>();
  return async (context: Context, info: GraphQLResolveInfo, id: string): Promise<Entity | null> => {
    const select = () => {
      const known = selected.get(info) ?? selectEntities(context, info, table);
      selected.set(info, known);
      return known;
    };
    // For states, the plugin records which columns each parent has loaded. Events need no record.
    if (table.kind === 'state') select();
    const loadMany = (ids: readonly string[]) => loadEntities(context, { table, ids, select: select() });
    return (await load(info, id, loadMany)) ?? null;
  };
}

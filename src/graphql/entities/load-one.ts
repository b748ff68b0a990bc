import type { GraphQLResolveInfo } from 'graphql';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { StoredRow as Entity } from '../../lists/stored-rows.ts';
import type { Context } from '../context.ts';
import { createFieldBatches } from './field-batches.ts';
import { loadEntities } from './load-entities.ts';
import { selectEntities } from './selected.ts';

/**
 * Loads the entity that a field answers, by its UUID, with the columns that are selected; null when
 * there is none. One statement for all parents of the field.
 */
export function createEntityLoader(table: EntityTable) {
  const load = createFieldBatches<string, Entity>();
  return async (context: Context, info: GraphQLResolveInfo, id: string): Promise<Entity | null> => {
    const select = () => selectEntities(context, info, table);
    // Of states the plugin notes what is loaded for each parent, of events nobody does.
    const noted = table.kind === 'state' ? select() : null;
    const loadMany = (ids: readonly string[]) => loadEntities(table, context, ids, noted ?? select());
    return (await load(context, info, id, loadMany)) ?? null;
  };
}

import type { KeyQuery, StateTable } from '../../core/dataset/state.ts';
import { defined } from '../../core/defined.ts';
import { textValue } from '../../core/filter-value.ts';
import { derivedId } from '../../core/ids.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { stateType } from './entity.ts';
import { loadEntities } from './load-entities.ts';
import { KEY } from './selected.ts';

/** A state that has a query by its natural key. */
export type KeyedState = StateTable & { readonly naturalKey: string; readonly byKey: KeyQuery };

export function isKeyed(state: StateTable): state is KeyedState {
  return state.naturalKey !== undefined && state.byKey !== undefined;
}

/**
 * Adds the query of one state by its natural key, such as `task(taskId)`. It reads by id, because
 * the id is derived from the key.
 */
export function addKeyQuery(types: TypeRegistry, state: KeyedState): void {
  const { entity, naturalKey, byKey } = state;
  types.builder.queryField(entity.charAt(0).toLowerCase() + entity.slice(1), (t) =>
    t.prismaField({
      authScopes: { read: true },
      type: stateType(types, state),
      nullable: true,
      description: byKey.description,
      args: { [naturalKey]: t.arg.string({ required: true, description: byKey.key }) },
      resolve: async ({ select = KEY }, _root, args, context) => {
        const key = defined(args[naturalKey]);
        // The id is derived from UTF-8, in which ill-formed text could equal another text.
        if (byKey.refusesOdd) textValue(key, naturalKey);
        const id = derivedId(context.projectId, state.name, key);
        return (await loadEntities(context, { table: state, ids: [id], select })).get(id) ?? null;
      },
    }),
  );
}

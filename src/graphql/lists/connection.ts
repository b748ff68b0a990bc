import type { EntityTable } from '../../core/dataset/table.ts';
import type { ConnectionType } from '../builder.ts';
import { entityType } from '../entities/entity.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** `<Entity>Connection`. `entities/relay.ts` defines what all connections have in common. */
export function connectionType(types: TypeRegistry, table: EntityTable): ConnectionType {
  const name = `${table.entity}Connection`;
  return types.once(name, (builder) =>
    builder.connectionObject(
      { name, type: entityType(types, table), description: `A page of ${table.name}.` },
      { description: `An item of a page of ${table.name}, with its cursor.` },
    ),
  );
}

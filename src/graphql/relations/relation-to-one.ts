import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { derivedId } from '../../core/ids.ts';
import { type Entity, entityType, needsColumns, selectColumns } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { loadEntities } from '../entities/load-entities.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** A field that leads from each row of a table to at most one row of another. */
export interface RelationToOne {
  readonly from: EntityTable;
  /** It has a natural key. */
  readonly to: EntityTable;
  /** The column of `from` that holds the natural key of `to`. */
  readonly key: string;
  /** Name of the field. Default: that of the entity it leads to. */
  readonly name?: string;
  /** Shown to users: what it leads to, and when that is null. */
  readonly description: string;
}

/**
 * Adds such a field. There are no foreign keys: the id follows from the natural key, and either row
 * may come first. One statement for all parents.
 */
export function addRelationToOne(
  types: TypeRegistry,
  { from, to, key, name, description }: RelationToOne,
): void {
  const load = createFieldBatches<string, Entity>();
  const { prismaName } = columnOf(from, key);
  types.builder.objectField(entityType(types, from), name ?? singular(to), (t) =>
    t.field({
      type: entityType(types, to),
      nullable: true,
      description,
      extensions: needsColumns(prismaName),
      resolve: async (entity, _args, context, info) => {
        const value = entity[prismaName];
        if (typeof value !== 'string') return null;
        const id = derivedId(context.projectId, to.name, value);
        const found = await load(context, info, id, (ids) =>
          loadEntities(to, context, ids, selectColumns(info, to, selectionOf(info))),
        );
        return found ?? null;
      },
    }),
  );
}

const singular = ({ entity }: EntityTable): string => entity.charAt(0).toLowerCase() + entity.slice(1);

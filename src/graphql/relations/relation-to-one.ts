import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { derivedId } from '../../core/ids.ts';
import { addEntityField, entityType } from '../entities/entity.ts';
import { createEntityLoader } from '../entities/load-one.ts';
import { needs } from '../entities/selected.ts';
import { costsRows } from '../limits/field-cost.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** A field from each row of a table to at most one row of another table. */
export interface RelationToOne {
  readonly from: EntityTable;
  /** Must have a natural key. */
  readonly to: EntityTable;
  /** The column of `from` that holds the natural key of `to`. */
  readonly key: string;
  /** Name of the field. Default: the name of the entity of `to`. */
  readonly name?: string;
  /** Shown to users: what the field returns, and when it is null. */
  readonly description: string;
}

/**
 * Adds the field. There are no foreign keys: the id is derived from the natural key, and either row
 * may be stored first. One statement serves all parents.
 */
export function addRelationToOne(
  types: TypeRegistry,
  { from, to, key, name, description }: RelationToOne,
): void {
  const load = createEntityLoader(to);
  const { prismaName } = columnOf(from, key);
  addEntityField(types, from, name ?? singular(to), (t) =>
    t.field({
      ...needs(from, [prismaName], costsRows(1)),
      type: entityType(types, to),
      nullable: true,
      description,
      resolve: (entity, _args, context, info) => {
        const value = entity[prismaName];
        if (typeof value !== 'string') return null;
        return load(context, info, derivedId(context.projectId, to.name, value));
      },
    }),
  );
}

const singular = ({ entity }: EntityTable): string => entity.charAt(0).toLowerCase() + entity.slice(1);

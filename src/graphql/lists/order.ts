import type { InputRef } from '@pothos/core';
import { constantName } from '../../core/dataset/constant-name.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { sortableColumns } from '../../lists/page.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { orderDirection } from './order-direction.ts';

/** The argument `orderBy` after coercion. For lists, `field` is the name of a column. */
export interface ListOrderInput<Field extends string = string> {
  readonly field: Field;
  readonly direction: 'asc' | 'desc';
}

/** `<Entity>Order`: the sort order of a list of the table. */
export function orderInput(types: TypeRegistry, table: EntityTable): InputRef<ListOrderInput> {
  return orderInputOf(types, `${table.entity}Order`, {
    description: `Sort order of ${table.name}. Absent values come last.`,
    fields: {
      description: `Fields to sort ${table.name} by. Equal values are sorted by id.`,
      values: Object.fromEntries(
        sortableColumns(table).map(({ name: value, description }) => [
          constantName(value),
          { value, description },
        ]),
      ),
    },
  });
}

/** A sort order and its fields, as users see them. */
export interface OrderDeclaration<Field extends string> {
  readonly description: string;
  readonly fields: {
    readonly description: string;
    readonly values: Readonly<Record<string, { readonly value: Field; readonly description: string }>>;
  };
}

/**
 * An input type with a field to sort by, from the enum `<name>Field`, and a direction. The default
 * direction is DESC.
 */
export function orderInputOf<Field extends string>(
  types: TypeRegistry,
  name: string,
  { description, fields }: OrderDeclaration<Field>,
): InputRef<ListOrderInput<Field>> {
  return types.once(name, (builder) => {
    const field = builder.enumType(`${name}Field`, fields);
    return builder.inputType(name, {
      description,
      fields: (t) => ({
        field: t.field({ type: field, required: true, description: 'The field to sort by.' }),
        direction: t.field({
          type: orderDirection(types),
          required: true,
          defaultValue: 'desc',
          description: 'The sort direction.',
        }),
      }),
    });
  }) as unknown as InputRef<ListOrderInput<Field>>;
}

import type { InputRef } from '@pothos/core';
import type { EntityTable } from '../../core/dataset/table.ts';
import { orderDirection } from '../order-direction.ts';
import { constantName } from './column-types.ts';
import { sortableColumns } from './page.ts';
import type { Parts } from './parts.ts';

/** What `orderBy` of a list holds after coercion: the column's name. */
export interface ListOrderInput {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** `<Entity>Order`: how a list of the table is sorted. */
export function orderInput(parts: Parts, table: EntityTable): InputRef<ListOrderInput> {
  const name = `${table.entity}Order`;
  return parts.once(name, (builder) => {
    const field = builder.enumType(`${name}Field`, {
      description: `What ${table.name} can be sorted by. Equal values are sorted by id.`,
      values: Object.fromEntries(
        sortableColumns(table).map(({ name: value, description }) => [
          constantName(value),
          { value, description },
        ]),
      ),
    });
    return builder.inputType(name, {
      description: `How ${table.name} are sorted. Absent values come last.`,
      fields: (t) => ({
        field: t.field({ type: field, required: true, description: 'Sort by this.' }),
        direction: t.field({
          type: orderDirection(parts),
          required: true,
          defaultValue: 'desc',
          description: 'Which way.',
        }),
      }),
    });
  }) as unknown as InputRef<ListOrderInput>;
}

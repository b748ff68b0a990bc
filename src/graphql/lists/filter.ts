import { hasAttributes } from '../../core/dataset/attribute.ts';
import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { hasTags } from '../../core/dataset/tag.ts';
import { defined } from '../../core/defined.ts';
import { filterableColumns } from '../../filter/read-filter.ts';
import { columnEnum, columnType, type DerivedInput } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';
import {
  attributeFilter,
  enumFilter,
  type FilterScalar,
  listFilter,
  scalarFilter,
  tagFilter,
} from './filter-inputs.ts';

/** `<Entity>Filter`: the filter of a table. */
export function filterInput(types: TypeRegistry, table: EntityTable): DerivedInput {
  const name = `${table.entity}Filter`;
  return types.once(name, (builder) => {
    const ref = builder.inputRef<Record<string, unknown>>(name);
    return ref.implement({
      description: `Filters ${table.name}. All given fields must match.`,
      fields: (t) => ({
        ...Object.fromEntries(
          filterableColumns(table).map((column) => [
            column.name,
            t.field({ type: columnFilter(types, column), description: column.description }),
          ]),
        ),
        ...(hasAttributes(table) && {
          attributes: t.field({
            type: [attributeFilter(types)],
            description:
              'Tests of attributes by their paths, for example { path: "region", eq: "eu" }. All of them must match.',
          }),
        }),
        ...(hasTags(table) && {
          tags: t.field({
            type: [tagFilter(types)],
            description:
              'Tests of tags by their keys, for example { key: "team", eq: "search" }. All of them must match.',
          }),
        }),
        and: t.field({
          type: [ref],
          description: 'All of these filters match. An empty list always matches.',
        }),
        or: t.field({
          type: [ref],
          description: 'At least one of these filters matches. An empty list never matches.',
        }),
        not: t.field({ type: ref, description: 'This filter does not match.' }),
      }),
    });
  });
}

function columnFilter(types: TypeRegistry, column: Column): DerivedInput {
  if (column.kind === 'enum') return enumFilter(types, defined(column.enumName), columnEnum(types, column));
  if (column.name === 'id') return scalarFilter(types, 'ID');
  if (column.kind === 'texts') return listFilter(types);
  return scalarFilter(types, columnType(types, column) as FilterScalar);
}

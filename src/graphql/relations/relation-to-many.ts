import { visibleRows } from '../../access/visible-rows.ts';
import { isOneOf } from '../../core/build-filter.ts';
import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { findFirstPages, type ListsByValue } from '../../lists/first-pages.ts';
import type { Lists } from '../../lists/lists.ts';
import { readPage } from '../../lists/page.ts';
import type { Connection } from '../builder.ts';
import type { Context } from '../context.ts';
import { addEntityField, entityType } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { needs } from '../entities/selected.ts';
import { costsConnection } from '../limits/field-cost.ts';
import { connectionType } from '../lists/connection.ts';
import { type ListArguments, listArguments, resolveConnection } from '../lists/list.ts';
import { type Pages, resolvePages, selectNodes } from '../lists/pages.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { showRows } from './show-rows.ts';

/** A field from each row of a table to a list of rows of another table. */
export interface RelationToMany {
  readonly from: EntityTable;
  readonly to: EntityTable;
  /** The text column of `from`. Rows of `to` with the same value are related to the row. */
  readonly key: string;
  /** The column of `to`. An index must cover it together with the time. Default: `key`. */
  readonly toKey?: string;
  readonly name: string;
  /** Shown to users: what the list contains, and its order. */
  readonly description: string;
}

/**
 * Adds the field, a connection. The first pages of all parents take no more statements than the
 * first page of one parent.
 */
export function addRelationToMany(types: TypeRegistry, relation: RelationToMany): void {
  const { from, to, key, toKey = key, name, description } = relation;
  const load = createFieldBatches<string, Connection>();
  const { prismaName } = columnOf(from, key);
  addEntityField(types, from, name, (t) =>
    t.connection(
      {
        ...needs(from, [prismaName], { ...seeks(to, toKey), ...costsConnection }),
        type: entityType(types, to),
        description,
        args: listArguments(types, to, t.arg),
        resolve: async (entity, args, context, info) => {
          const value = entity[prismaName] as string;
          if (!isFirstPage(args)) {
            return resolveConnection({ table: to, args, within: isOneOf(toKey, [value]) }, context, info);
          }
          const select = selectNodes(to, context, info);
          const found = await load(info, value, (values) => {
            const filter = visibleRows(context.caller, to);
            const lists = { projectId: context.projectId, table: to, column: toKey, values, filter };
            return resolvePages({ ...firstPages(lists, args, context), select }, context, info);
          });
          const edges = found?.edges;
          await showRows(context, Array.isArray(edges) ? edges.length : 0);
          return found;
        },
      },
      connectionType(types, to),
    ),
  );
}

/**
 * In the extensions of the field: the table, and the columns that one of its indexes must contain
 * after the project.
 */
export type SeeksRows = {
  readonly telltaleSeeks: { readonly table: string; readonly columns: readonly string[] };
};

function seeks(table: EntityTable, key: string): SeeksRows {
  const columns = [key, table.timeColumn].map((name) => columnOf(table, name).sqlName);
  return { telltaleSeeks: { table: table.table, columns } };
}

/** Whether only `first` is given. Such pages can be read for many parents together. */
function isFirstPage({ filter, orderBy, last, after, before }: ListArguments): boolean {
  return [filter, orderBy, last, after, before].every((argument) => argument == null);
}

function firstPages(
  lists: ListsByValue,
  args: ListArguments,
  { services }: Context,
): Omit<Pages<string>, 'select'> {
  const { order, limit } = readPage(lists.table, args);
  let counted: ReturnType<Lists['countEach']> | undefined;
  const countOf = async (value: string) => {
    counted ??= services.lists.countEach(lists);
    return (await counted).get(value) ?? 0;
  };
  return {
    table: lists.table,
    order,
    findPages: (columns) => findFirstPages(services.store, lists, { limit, columns }),
    counts: new Map(lists.values.map((value) => [value, () => countOf(value)])),
  };
}

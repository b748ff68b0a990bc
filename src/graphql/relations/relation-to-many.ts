import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { isOneOf } from '../../core/filter.ts';
import { countEach, findFirstPages, type ListsByValue } from '../../lists/first-pages.ts';
import { readPage } from '../../lists/page.ts';
import type { Connection } from '../builder.ts';
import type { Context } from '../context.ts';
import { addEntityField, entityType } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { needs } from '../entities/selected.ts';
import { connectionType } from '../lists/connection.ts';
import { type ListArguments, listArguments, resolveConnection } from '../lists/list.ts';
import { type Pages, resolvePages, selectNodes } from '../lists/pages.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** A field that leads from each row of a table to a list of rows of another. */
export interface RelationToMany {
  readonly from: EntityTable;
  readonly to: EntityTable;
  /** The text column of `from`: rows of `to` with the same value belong to it. */
  readonly key: string;
  /** That column of `to`; it is indexed with the time. Default: it has the name `key` there too. */
  readonly toKey?: string;
  readonly name: string;
  /** Shown to users: what the list holds, and in which order. */
  readonly description: string;
}

/**
 * Adds such a field, a connection. The first pages of all parents cost as many statements as that
 * of one.
 */
export function addRelationToMany(types: TypeRegistry, relation: RelationToMany): void {
  const { from, to, key, toKey = key, name, description } = relation;
  const load = createFieldBatches<string, Connection>();
  const { prismaName } = columnOf(from, key);
  addEntityField(types, from, name, (t) =>
    t.connection(
      {
        ...needs(from, [prismaName], seeks(to, toKey)),
        type: entityType(types, to),
        description,
        args: listArguments(types, to, t.arg),
        resolve: async (entity, args, context, info) => {
          const value = entity[prismaName] as string;
          if (!isFirstPage(args)) return resolveConnection(to, args, context, info, isOneOf(toKey, [value]));
          const select = selectNodes(to, context, info);
          const found = await load(info, value, (values) => {
            const lists = { projectId: context.projectId, table: to, column: toKey, values };
            return resolvePages(firstPages(lists, args, context), select, context, info);
          });
          return found as Connection;
        },
      },
      connectionType(types, to),
    ),
  );
}

/**
 * In the extensions of such a field: the table and the columns, the project's before them, of which
 * an index must tell.
 */
export type SeeksRows = {
  readonly telltaleSeeks: { readonly table: string; readonly columns: readonly string[] };
};

function seeks(table: EntityTable, key: string): SeeksRows {
  const columns = [key, table.timeColumn].map((name) => columnOf(table, name).sqlName);
  return { telltaleSeeks: { table: table.table, columns } };
}

/** Nothing is asked but how many from the start: what many parents can be asked together. */
function isFirstPage({ filter, orderBy, last, after, before }: ListArguments): boolean {
  return [filter, orderBy, last, after, before].every((argument) => argument == null);
}

function firstPages(lists: ListsByValue, args: ListArguments, { services }: Context): Pages<string> {
  const { order, limit } = readPage(lists.table, args);
  let counted: ReturnType<typeof countEach> | undefined;
  const countOf = async (value: string) => {
    counted ??= countEach(services.store, lists);
    return (await counted).get(value) ?? 0;
  };
  return {
    table: lists.table,
    order,
    findPages: (columns) => findFirstPages(services.store, lists, limit, columns),
    counts: new Map(lists.values.map((value) => [value, () => countOf(value)])),
  };
}

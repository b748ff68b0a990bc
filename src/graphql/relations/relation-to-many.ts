import type { GraphQLResolveInfo } from 'graphql';
import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { isOneOf } from '../../core/filter.ts';
import { countEach, findFirstPages, type ListsByValue } from '../../lists/first-pages.ts';
import { readPage } from '../../lists/page.ts';
import type { Context } from '../context.ts';
import { entityType, needsColumns } from '../entities/entity.ts';
import { createFieldBatches } from '../entities/field-batches.ts';
import { type Connection, connectionType } from '../lists/connection.ts';
import {
  type ListArguments,
  listArguments,
  type Pages,
  resolveConnection,
  resolvePages,
} from '../lists/list.ts';
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
  types.builder.objectField(entityType(types, from), name, (t) =>
    t.field({
      type: connectionType(types, to),
      description,
      args: listArguments(types, to, t.arg),
      extensions: { ...needsColumns(prismaName), ...seeks(to, toKey) },
      resolve: async (entity, args, context, info) => {
        const value = entity[prismaName] as string;
        if (!isFirstPage(args)) return resolveConnection(to, args, context, info, isOneOf(toKey, [value]));
        const found = await load(context, info, value, (values) =>
          loadFirstPages(
            { projectId: context.projectId, table: to, column: toKey, values },
            args,
            context,
            info,
          ),
        );
        return found as Connection;
      },
    }),
  );
}

/**
 * In the extensions of such a field: the table and the columns, the project's before them, of which
 * an index must tell.
 */
export interface SeeksRows {
  readonly telltaleSeeks: { readonly table: string; readonly columns: readonly string[] };
}

function seeks(table: EntityTable, key: string): SeeksRows {
  const columns = [key, table.timeColumn].map((name) => columnOf(table, name).sqlName);
  return { telltaleSeeks: { table: table.table, columns } };
}

/** Nothing is asked but how many from the start: what many parents can be asked together. */
function isFirstPage({ filter, orderBy, last, after, before }: ListArguments): boolean {
  return [filter, orderBy, last, after, before].every((argument) => argument == null);
}

async function loadFirstPages(
  lists: ListsByValue,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<ReadonlyMap<string, Connection>> {
  const { order, limit } = readPage(lists.table, args);
  let counted: ReturnType<typeof countEach> | undefined;
  const pages: Pages = {
    table: lists.table,
    order,
    findPages: (columns) => findFirstPages(context.services.store, lists, limit, columns),
    counts: lists.values.map((value) => async () => {
      counted ??= countEach(context.services.store, lists);
      return (await counted).get(value) ?? 0;
    }),
  };
  const connections = await resolvePages(pages, context, info);
  return new Map(lists.values.map((value, index) => [value, connections[index] as Connection]));
}

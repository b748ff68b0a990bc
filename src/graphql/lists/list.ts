import type { GraphQLResolveInfo } from 'graphql';
import { visibleRows } from '../../access/visible-rows.ts';
import { both } from '../../core/build-filter.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { defined } from '../../core/defined.ts';
import type { Filter } from '../../core/filter.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { type PageArguments, readPage } from '../../lists/page.ts';
import type { ArgumentBuilder, Connection } from '../builder.ts';
import type { Context } from '../context.ts';
import { entityType } from '../entities/entity.ts';
import { costsConnection } from '../limits/field-cost.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { connectionType } from './connection.ts';
import { filterInput } from './filter.ts';
import { orderInput } from './order.ts';
import { type Pages, resolvePages, selectNodes } from './pages.ts';

export type ListArguments = PageArguments & { readonly filter?: Record<string, unknown> | null | undefined };

const OUTSIDE_OF_LISTS =
  ' Events that retention has removed are in no list, also if the archive has them: analytics reach there, by ' +
  '`archive: true`.';

/**
 * Adds the list of a table, a Relay connection: `llmCalls(filter, orderBy, first, after, last,
 * before)`.
 */
export function addListQuery(types: TypeRegistry, table: EntityTable): void {
  types.builder.queryField(table.name, (t) =>
    t.connection(
      {
        authScopes: table.kind === 'event' ? readsRowsOf(table) : { read: true },
        type: entityType(types, table),
        extensions: costsConnection,
        description:
          `${table.description} Newest first, unless \`orderBy\` says otherwise.` +
          (table.kind === 'event' ? OUTSIDE_OF_LISTS : ''),
        args: listArguments(types, table, t.arg),
        resolve: (_root, args, context, info) => resolveConnection({ table, args }, context, info),
      },
      connectionType(types, table),
    ),
  );
}

/** The arguments of a list of the table, besides those of every connection. */
export function listArguments(types: TypeRegistry, table: EntityTable, arg: ArgumentBuilder) {
  return {
    filter: arg({
      type: filterInput(types, table),
      description: 'Only items that match this filter. Default: all.',
    }),
    orderBy: arg({ type: orderInput(types, table), description: 'Sort order. Default: newest first.' }),
  };
}

/** A list, and the page of it that a caller requests. */
export interface ListRequest {
  readonly table: EntityTable;
  readonly args: ListArguments;
  /** The rows of the list, regardless of the caller's filter. Null: all rows of the project. */
  readonly within?: Filter | null;
}

/** The requested page of a list. */
export async function resolveConnection(
  { table, args, within = null }: ListRequest,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection> {
  const visible = visibleRows(context.caller, table);
  const page = readPage(table, args);
  const filter = both(visible, both(within, readFilter(table, args.filter)));
  const { lists } = context.services;
  const scope = { table, projectId: context.projectId, filter };
  const pages: Pages<null> = {
    table,
    order: page.order,
    select: selectNodes(table, context, info),
    findPages: async (columns) => [await lists.findPage(scope, page, columns)],
    counts: new Map([[null, () => lists.countRows(scope)]]),
  };
  const found = await resolvePages(pages, context, info);
  return defined(found.get(null));
}

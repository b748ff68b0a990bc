import type { GraphQLResolveInfo } from 'graphql';
import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import type { Filter } from '../../core/filter.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { countRows, EMPTY_PAGE, findPage, type ListPage } from '../../lists/list-page.ts';
import {
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  type ListOrder,
  MAX_PAGE_SIZE,
  type PageArguments,
  readPage,
} from '../../lists/page.ts';
import type { ArgumentBuilder } from '../builder.ts';
import type { Context } from '../context.ts';
import { type Entity, selectColumns, selectedColumns } from '../entities/entity.ts';
import { loadEntities } from '../entities/load-entities.ts';
import { type Selection, selectionOf, subselection } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Connection, connectionType } from './connection.ts';
import { filterInput } from './filter.ts';
import { orderInput } from './order.ts';

export type ListArguments = PageArguments & { readonly filter?: Record<string, unknown> | null | undefined };

/**
 * Adds the list of a table, a Relay connection: `llmCalls(filter, orderBy, first, after, last,
 * before)`.
 */
export function addListQuery(types: TypeRegistry, table: EntityTable): void {
  types.builder.queryField(table.name, (t) =>
    t.field({
      type: connectionType(types, table),
      description: `${table.description} Newest first, unless \`orderBy\` says otherwise.`,
      args: listArguments(types, table, t.arg),
      resolve: (_root, args, context, info) => resolveConnection(table, args, context, info),
    }),
  );
}

/** The arguments of a list of the table. */
export function listArguments(types: TypeRegistry, table: EntityTable, arg: ArgumentBuilder) {
  const size = `1 to ${MAX_PAGE_SIZE}; ${DEFAULT_PAGE_SIZE} when neither \`first\` nor \`last\` is given.`;
  return {
    filter: arg({
      type: filterInput(types, table),
      description: 'Only items that match this filter. Default: all.',
    }),
    orderBy: arg({ type: orderInput(types, table), description: 'Sort order. Default: newest first.' }),
    first: arg.int({ description: `Number of items from the start, ${size}` }),
    after: arg.string({
      description: 'Only items after this cursor, which must come from a list in the same order.',
    }),
    last: arg.int({ description: `Number of items from the end, ${size}` }),
    before: arg.string({
      description: 'Only items before this cursor, which must come from a list in the same order.',
    }),
  };
}

/**
 * The page of a list that the arguments ask for. `within`: what belongs to the list at all,
 * whatever the caller's filter says; null: everything of the project.
 */
export async function resolveConnection(
  table: EntityTable,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
  within: Filter | null = null,
): Promise<Connection> {
  const page = readPage(table, args);
  const filter = both(within, readFilter(table, args.filter));
  const { store } = context.services;
  const scope = { table, projectId: context.projectId, filter };
  const pages: Pages = {
    table,
    order: page.order,
    findPages: async (columns) => [await findPage(store, scope, page, columns)],
    counts: [() => countRows(store, scope)],
  };
  const [connection] = await resolvePages(pages, context, info);
  return connection as Connection;
}

/** Pages of lists of one table. */
export interface Pages {
  readonly table: EntityTable;
  readonly order: ListOrder;
  /** Each page, its rows with these columns. */
  findPages(columns: readonly Column[]): Promise<readonly ListPage[]>;
  /** How many rows each list has: as many as there are pages. */
  readonly counts: readonly (() => Promise<number>)[];
}

/**
 * Loads what is selected of the pages. Rows of events come with the pages; states are loaded by
 * Prisma, those of all pages together.
 */
export async function resolvePages(
  { table, order, findPages, counts }: Pages,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection[]> {
  const selection = selectionOf(info);
  const withNodes = selection.has('edges') || selection.has('nodes');
  const select = selectNodes(table, info, selection);
  const columns = table.kind === 'event' ? selectedColumns(table, select) : [];
  const pages = withNodes || selection.has('pageInfo') ? await findPages(columns) : [];
  const nodeOf =
    table.kind === 'event' || !withNodes ? ofRow : await loadNodes(pages, table, context, select);
  return counts.map((count, index) => toConnection(pages[index] ?? EMPTY_PAGE, nodeOf, order, count));
}

/** The entity of a row; undefined when it is gone. */
type NodeOf = (row: Entity) => Entity | undefined;

const ofRow: NodeOf = (row) => row;

async function loadNodes(
  pages: readonly ListPage[],
  table: EntityTable,
  context: Context,
  select: Readonly<Record<string, true>>,
): Promise<NodeOf> {
  const ids = pages.flatMap(({ rows }) => rows.map(({ row }) => row.id));
  const entities = await loadEntities(table, context, ids, select);
  return ({ id }) => entities.get(id);
}

function toConnection(
  { rows, hasNextPage, hasPreviousPage }: ListPage,
  nodeOf: NodeOf,
  order: ListOrder,
  count: () => Promise<number>,
): Connection {
  const cursorAt = (index: number): string | null => {
    const found = rows.at(index);
    return found === undefined ? null : encodeCursor(order, found.position);
  };
  return {
    // A state that was removed since its page was read has no edge. Few ask for the cursor of each
    // edge.
    edges: rows.flatMap(({ row, position }) => {
      const node = nodeOf(row);
      return node === undefined ? [] : [{ node, cursor: () => encodeCursor(order, position) }];
    }),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursorAt(0), endCursor: cursorAt(-1) },
    count,
  };
}

function both(within: Filter | null, filter: Filter | null): Filter | null {
  if (within === null || filter === null) return within ?? filter;
  return { kind: 'and', all: [within, filter] };
}

/** The columns of the entities, which can be selected in two places. */
function selectNodes(table: EntityTable, info: GraphQLResolveInfo, selection: Selection) {
  const edges = subselection(info, selection, `${table.entity}Connection`, 'edges');
  return selectColumns(
    info,
    table,
    subselection(info, edges, `${table.entity}Edge`, 'node'),
    subselection(info, selection, `${table.entity}Connection`, 'nodes'),
  );
}

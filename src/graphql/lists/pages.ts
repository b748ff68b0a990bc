import type { GraphQLResolveInfo } from 'graphql';
import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { EMPTY_PAGE, type ListPage } from '../../lists/list-page.ts';
import { encodeCursor, type ListOrder, type Position } from '../../lists/page.ts';
import type { Connection } from '../builder.ts';
import type { Context } from '../context.ts';
import type { Entity } from '../entities/entity.ts';
import { loadEntities } from '../entities/load-entities.ts';
import { type Select, selectEntities, selectedColumns } from '../entities/selected.ts';
import { selectionOf } from '../selection.ts';

/** The selected columns of the items. A query can select them below `edges` and below `nodes`. */
export const selectNodes = (table: EntityTable, context: Context, info: GraphQLResolveInfo): Select =>
  selectEntities(context, info, table, ['edges', 'node'], ['nodes']);

/** Pages of several lists of one table, one page per key. */
export interface Pages<Key> {
  readonly table: EntityTable;
  readonly order: ListOrder;
  /** The columns of the items. */
  readonly select: Select;
  /** Reads all pages, with these columns of their rows. */
  findPages(columns: readonly Column[]): Promise<readonly ListPage[]>;
  /** Counts the rows of each list, in the order of the pages. */
  readonly counts: ReadonlyMap<Key, () => Promise<number>>;
}

/**
 * Loads what the query selects on the pages. Pages of events already contain the rows. Prisma loads
 * the states of all pages together.
 */
export async function resolvePages<Key>(
  { table, order, select, findPages, counts }: Pages<Key>,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<ReadonlyMap<Key, Connection>> {
  const selection = selectionOf(info);
  const withNodes = selection.has('edges') || selection.has('nodes');
  const columns = table.kind === 'event' ? selectedColumns(table, select) : [];
  const pages = withNodes || selection.has('pageInfo') ? await findPages(columns) : [];
  const nodeOf =
    table.kind === 'event' || !withNodes ? ofRow : await loadNodes(context, pages, { table, select });
  return new Map(
    [...counts].map(([key, count], index) => [
      key,
      toConnection(pages[index] ?? EMPTY_PAGE, { nodeOf, order, count }),
    ]),
  );
}

/** The entity of a row; undefined if it was removed meanwhile. */
type NodeOf = (row: Entity) => Entity | undefined;

const ofRow: NodeOf = (row) => row;

async function loadNodes(
  context: Context,
  pages: readonly ListPage[],
  { table, select }: Pick<Pages<unknown>, 'table' | 'select'>,
): Promise<NodeOf> {
  const ids = pages.flatMap(({ rows }) => rows.map(({ row }) => row.id));
  const entities = await loadEntities(context, { table, ids, select });
  return ({ id }) => entities.get(id);
}

/** How to show a page. */
interface Shown {
  readonly nodeOf: NodeOf;
  readonly order: ListOrder;
  readonly count: () => Promise<number>;
}

function toConnection(
  { rows, hasNextPage, hasPreviousPage }: ListPage,
  { nodeOf, order, count }: Shown,
): Connection {
  const cursorAt = (index: number): string | null => {
    const found = rows.at(index);
    return found === undefined ? null : encodeCursor(order, found.position);
  };
  return {
    // A state that was removed after its page was read has no edge.
    edges: rows.flatMap(({ row, position }) => {
      const node = nodeOf(row);
      return node === undefined ? [] : [new Edge(node, order, position)];
    }),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursorAt(0), endCursor: cursorAt(-1) },
    count,
  };
}

/** An item of a page. Few queries select its cursor, so the getter computes it on demand. */
class Edge {
  readonly node: Entity;
  readonly #order: ListOrder;
  readonly #position: Position;

  constructor(node: Entity, order: ListOrder, position: Position) {
    this.node = node;
    this.#order = order;
    this.#position = position;
  }

  get cursor(): string {
    return encodeCursor(this.#order, this.#position);
  }
}

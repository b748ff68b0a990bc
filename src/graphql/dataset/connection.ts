import type { GraphQLResolveInfo } from 'graphql';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Context } from '../context.ts';
import { type Selection, selectionOf, subselection } from '../selection.ts';
import { type Entity, entityType, selectColumns } from './entity.ts';
import { filterInput, readFilter } from './filter.ts';
import { loadEntities } from './load.ts';
import { orderInput } from './order.ts';
import { DEFAULT_PAGE_SIZE, encodeCursor, MAX_PAGE_SIZE, type PageArguments, readPage } from './page.ts';
import { countEvents, findPageKeys, type ListScope } from './page-keys.ts';
import type { Parts } from './parts.ts';

interface Edge {
  readonly cursor: string;
  readonly node: Entity;
}

interface Connection {
  readonly edges: readonly Edge[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** What `totalCount` counts, when it is asked. */
  readonly scope: ListScope;
}

type ListArguments = PageArguments & { readonly filter?: Record<string, unknown> | null | undefined };

/** Adds the list of a dataset, a Relay connection: `llmCalls(filter, orderBy, first, after, last, before)`. */
export function addListQuery(parts: Parts, dataset: Dataset): void {
  const size = `1 to ${MAX_PAGE_SIZE}; ${DEFAULT_PAGE_SIZE} when neither \`first\` nor \`last\` is given.`;
  parts.builder.queryField(dataset.name, (t) =>
    t.field({
      type: connectionType(parts, dataset),
      description: `${dataset.description} The newest first, unless \`orderBy\` says otherwise.`,
      args: {
        filter: t.arg({ type: filterInput(parts, dataset), description: 'Which events; default: all.' }),
        orderBy: t.arg({
          type: orderInput(parts, dataset),
          description: 'In which order; default: newest first.',
        }),
        first: t.arg.int({ description: `How many from the start, ${size}` }),
        after: t.arg.string({ description: 'Only what comes after this cursor of the same order.' }),
        last: t.arg.int({ description: `How many from the end, ${size}` }),
        before: t.arg.string({ description: 'Only what comes before this cursor of the same order.' }),
      },
      resolve: (_root, args, context, info) => resolveConnection(dataset, args, context, info),
    }),
  );
}

async function resolveConnection(
  dataset: Dataset,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Connection> {
  const page = readPage(dataset, args);
  const scope = { dataset, projectId: context.projectId, filter: readFilter(dataset, args.filter) };
  const selection = selectionOf(info);
  const withNodes = selection.has('edges') || selection.has('nodes');
  const keys =
    withNodes || selection.has('pageInfo')
      ? await findPageKeys(context.services.store, scope, page)
      : { positions: [], hasNextPage: false, hasPreviousPage: false };
  const ids = withNodes ? keys.positions.map(({ id }) => id) : [];
  const entities = await loadEntities(dataset, context, ids, selectNodes(dataset, info, selection));
  const cursors = keys.positions.map((position) => encodeCursor(page.order, position));
  return {
    // An event that was removed since its key was read has no edge.
    edges: keys.positions.flatMap(({ id }, index) => {
      const node = entities.get(id);
      return node === undefined ? [] : [{ node, cursor: cursors[index] as string }];
    }),
    pageInfo: {
      hasNextPage: keys.hasNextPage,
      hasPreviousPage: keys.hasPreviousPage,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    scope,
  };
}

/** The columns of the events, which can be selected in two places. */
function selectNodes(dataset: Dataset, info: GraphQLResolveInfo, selection: Selection) {
  const edges = subselection(info, selection, `${dataset.entity}Connection`, 'edges');
  return selectColumns(
    info,
    dataset,
    subselection(info, edges, `${dataset.entity}Edge`, 'node'),
    subselection(info, selection, `${dataset.entity}Connection`, 'nodes'),
  );
}

function connectionType(parts: Parts, dataset: Dataset) {
  const { builder } = parts;
  const entity = entityType(parts, dataset);
  const edge = builder.objectRef<Edge>(`${dataset.entity}Edge`).implement({
    description: `One of ${dataset.name} and its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'The place, for `after` and `before`. Opaque.' }),
      node: t.field({ type: entity, description: 'The event.', resolve: ({ node }) => node }),
    }),
  });
  return builder.objectRef<Connection>(`${dataset.entity}Connection`).implement({
    description: `A page of ${dataset.name}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The events with their cursors.',
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [entity],
        description: 'The events alone.',
        resolve: ({ edges }) => edges.map(({ node }) => node),
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where the page stands in the list.',
        resolve: ({ pageInfo }) => pageInfo,
      }),
      totalCount: t.field({
        type: 'SafeInt',
        description: 'How many events the list has, all pages together. Counted only when selected.',
        resolve: ({ scope }, _args, { services }) => countEvents(services.store, scope),
      }),
    }),
  });
}

import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import { InvalidArgument } from '../../core/errors.ts';
import { encodeGlobalId, invalidGlobalId, parseGlobalId } from '../../core/global-id.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../lists/page.ts';
import type { Context } from '../context.ts';
import { costs, costsItems, costsPage, costsRows } from '../limits/field-cost.ts';
import { readsRowsOf } from '../read-scopes.ts';

/** A global id as the plugin decodes it. */
interface NodeId {
  /** Empty if the text is not a global id. Then `id` holds the text. */
  readonly typename: string;
  readonly id: string;
}

const SIZE = `1 to ${MAX_PAGE_SIZE}; ${DEFAULT_PAGE_SIZE} when neither \`first\` nor \`last\` is given.`;
const OTHER_ORDER = 'which must come from a list in the same order.';

/** Options of Pothos' Relay plugin for global ids, nodes and connections. */
export const relayOptions = {
  encodeGlobalID: (typename: string, id: bigint | number | string) => encodeGlobalId(typename, String(id)),
  // This function does not know the argument, so the resolvers of `node` and `nodes` report invalid
  // ids.
  decodeGlobalID: (text: string): { typename: string; id: string } => {
    const parsed = parseGlobalId(text);
    return parsed === null ? { typename: '', id: text } : { typename: parsed.entity, id: parsed.uuid };
  },
  nodeTypeOptions: { description: 'An object with a global id, which `node` can fetch.' },
  idFieldOptions: {
    description: 'Global id: the type, a colon, the UUID. For example "LlmCall:0190f5d2-…".',
  },
  nodeQueryOptions: {
    authScopes: readsRowsOf(),
    extensions: costsRows(1),
    description: 'The object with this global id; null if there is none.',
    args: { id: { description: 'A global id, such as "LlmCall:<uuid>".' } },
    resolve: (
      _root: object,
      { id }: { readonly id: NodeId },
      _context: Context,
      info: GraphQLResolveInfo,
      resolveNode: (id: NodeId) => unknown,
    ) => {
      checkNodeId(id, 'id', info);
      return resolveNode(id);
    },
  },
  nodesQueryOptions: {
    authScopes: readsRowsOf(),
    extensions: costs(({ args }) => ({ rows: args.ids.length, times: args.ids.length })),
    description:
      'The objects with these global ids, in the same order; null for an id without an object. ' +
      `At most ${MAX_PAGE_SIZE}.`,
    args: { ids: { description: 'Global ids.' } },
    resolve: (
      _root: object,
      { ids }: { readonly ids: NodeId[] },
      _context: Context,
      info: GraphQLResolveInfo,
      resolveNodes: (ids: NodeId[]) => Promise<unknown[]>,
    ) => {
      if (ids.length > MAX_PAGE_SIZE) {
        throw new InvalidArgument(`\`ids\` takes at most ${MAX_PAGE_SIZE} ids, not ${ids.length}.`, 'ids');
      }
      for (const [index, id] of ids.entries()) checkNodeId(id, `ids.${index}`, info);
      return resolveNodes(ids);
    },
  },
  edgesFieldOptions: { extensions: costsItems, description: 'The items of the page, each with its cursor.' },
  nodesOnConnection: { extensions: costsItems, description: 'The items of the page, without cursors.' },
  pageInfoFieldOptions: { extensions: costsPage, description: 'The position of the page in the list.' },
  nodeFieldOptions: { description: 'The item.' },
  cursorFieldOptions: { description: 'An opaque cursor for `after` and `before`.' },
  pageInfoTypeOptions: { description: 'The position of a page in its list.' },
  hasNextPageFieldOptions: { description: 'True if the list has items after this page.' },
  hasPreviousPageFieldOptions: { description: 'True if the list has items before this page.' },
  startCursorFieldOptions: {
    description: 'Cursor of the first edge, for `before`. Null on an empty page.',
  },
  endCursorFieldOptions: { description: 'Cursor of the last edge, for `after`. Null on an empty page.' },
  firstArgOptions: { description: `Number of items from the start, ${SIZE}` },
  afterArgOptions: { description: `Only items after this cursor, ${OTHER_ORDER}` },
  lastArgOptions: { description: `Number of items from the end, ${SIZE}` },
  beforeArgOptions: { description: `Only items before this cursor, ${OTHER_ORDER}` },
};

/** @throws InvalidArgument at `argument` if the id is not a global id of a type with ids. */
function checkNodeId({ typename, id }: NodeId, argument: string, { schema }: GraphQLResolveInfo): void {
  if (typename === '') throw invalidGlobalId(id, argument);
  const type = schema.getType(typename);
  if (isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')) return;
  throw new InvalidArgument(`"${typename}:${id}" is not a valid id: there is no type ${typename}.`, argument);
}

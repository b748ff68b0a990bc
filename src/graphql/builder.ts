import SchemaBuilder, { type ArgBuilder, type InputFieldBuilder, type ObjectRef } from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type PrismaTypes from '../generated/pothos-types.ts';
import { getDatamodel } from '../generated/pothos-types.ts';
import type { Context } from './context.ts';
import { addScalars, type Scalars } from './scalars.ts';

export type Builder = ReturnType<typeof createBuilder>;

type BuilderTypes = Builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** Makes arguments of a field: `t.arg`. */
export type ArgumentBuilder = ArgBuilder<BuilderTypes>;

/** Makes fields of an input type: `t`. */
export type InputBuilder = InputFieldBuilder<BuilderTypes, 'InputObject'>;

/** An object type whose resolvers get values of that shape. */
export type ObjectType<Shape> = ObjectRef<BuilderTypes, Shape>;

/**
 * A Pothos builder with our scalars, the Node interface and empty root types. Fields are non-null
 * unless they say `nullable: true`. The Pothos types come from the SQLite client, the narrower of
 * the two.
 */
export function createBuilder() {
  const builder = new SchemaBuilder<{
    Context: Context;
    Scalars: Scalars;
    PrismaTypes: PrismaTypes;
    DefaultFieldNullability: false;
  }>({
    plugins: [RelayPlugin, PrismaPlugin],
    defaultFieldNullability: false,
    relay: {
      nodeTypeOptions: { description: 'An object with a global id, which `node` can fetch.' },
      idFieldOptions: {
        description: 'Global id: the type, a colon, the UUID. For example "LlmCall:0190f5d2-…".',
      },
      pageInfoTypeOptions: { description: 'The position of a page in its list.' },
      hasNextPageFieldOptions: { description: 'True if the list has items after this page.' },
      hasPreviousPageFieldOptions: { description: 'True if the list has items before this page.' },
      startCursorFieldOptions: {
        description: 'Cursor of the first edge, for `before`. Null on an empty page.',
      },
      endCursorFieldOptions: { description: 'Cursor of the last edge, for `after`. Null on an empty page.' },
      nodeQueryOptions: false,
      nodesQueryOptions: false,
    },
    prisma: {
      client: (context) => context.services.store.prisma as never,
      dmmf: getDatamodel(),
      exposeDescriptions: false,
    },
  });
  addScalars(builder as never);
  builder.queryType({ description: 'All queries.' });
  builder.mutationType({ description: 'All operations that record or change data.' });
  builder.subscriptionType({
    description: 'All live streams, over WebSocket or server-sent events.',
  });
  return builder;
}

import SchemaBuilder, {
  type ArgBuilder,
  type FieldRef,
  type InputFieldBuilder,
  type ObjectRef,
} from '@pothos/core';
import PrismaPlugin, { type PrismaObjectRef } from '@pothos/plugin-prisma';
import RelayPlugin, { type ConnectionShape } from '@pothos/plugin-relay';
import ScopeAuthPlugin, { type AuthFailure } from '@pothos/plugin-scope-auth';
import { allows } from '../access/caller.ts';
import type { Scope } from '../access/scopes.ts';
import { TelltaleError } from '../core/errors.ts';
import { getDatamodel } from '../generated/pothos-types.ts';
import type { StoredRow as Entity } from '../lists/stored-rows.ts';
import type { Context } from './context.ts';
import { relayOptions } from './entities/relay.ts';
import { costsCount } from './limits/field-cost.ts';
import { closedToToken } from './read-scopes.ts';
import { addScalars, type Scalars } from './scalars.ts';

export type Builder = ReturnType<typeof createBuilder>;

type BuilderTypes = Builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** Makes the arguments of a field: `t.arg`. */
export type ArgumentBuilder = ArgBuilder<BuilderTypes>;

/** Makes the fields of an input type: `t`. */
export type InputBuilder = InputFieldBuilder<BuilderTypes, 'InputObject'>;

/** An object type whose resolvers get values of this shape. */
export type ObjectType<Shape> = ObjectRef<BuilderTypes, Shape>;

/** Makes the fields of an object type: `t`. */
export type FieldBuilder<Shape> = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, Shape>;

/** Makes the fields of an entity type, for events and states alike: `t`. */
export type EntityFieldBuilder<Shape = Entity> = Pick<FieldBuilder<Shape>, 'arg' | 'field' | 'connection'>;

/** A page of a list. */
export type Connection = ConnectionShape<BuilderTypes, Entity, false>;

/** The object type of a page. */
export type ConnectionType = ObjectRef<BuilderTypes, Connection>;

/** A field that an `EntityFieldBuilder` made. */
export type EntityFieldRef = FieldRef<BuilderTypes>;

/** The object type of a state. Prisma reads states. */
export type StateType = PrismaObjectRef<BuilderTypes, StateModel, Entity>;

/**
 * What the Prisma plugin knows about the model of a state. All states share one type, because the
 * names and columns of declarations are known only at run time. The type has no relations
 * (docs/decisions/0023).
 */
interface StateModel {
  Name: string;
  Shape: Entity;
  Include: never;
  Select: Readonly<Record<string, boolean>>;
  OrderBy: never;
  Where: never;
  WhereUnique: { readonly projectId_id: { readonly projectId: string; readonly id: string } };
  Create: never;
  Update: never;
  ListRelations: never;
  RelationName: never;
  Relations: Record<never, never>;
}

/**
 * A Pothos builder with our scalars, the Node interface and empty root types. Fields are non-null
 * unless they say `nullable: true`.
 */
export function createBuilder() {
  const builder = new SchemaBuilder<{
    Context: Context;
    Scalars: Scalars;
    PrismaTypes: Record<string, StateModel>;
    AuthScopes: Record<Lowercase<Scope>, boolean> & { rowsOf: readonly string[] };
    DefaultFieldNullability: false;
    DefaultEdgesNullability: false;
    /** The number of items on all pages of a list. */
    Connection: { count(): Promise<number> };
  }>({
    plugins: [ScopeAuthPlugin, RelayPlugin, PrismaPlugin],
    scopeAuth: {
      authScopes: ({ caller }) => ({
        read: allows(caller, 'READ'),
        ingest: allows(caller, 'INGEST'),
        admin: allows(caller, 'ADMIN'),
        rowsOf: (datasets) => caller.rows !== undefined && datasets.every((name) => caller.rows?.has(name)),
      }),
      authorizeOnSubscribe: true,
      unauthorizedError: (_parent, { caller }, { fieldName }, { failure }) =>
        caller.rows === undefined ? forbidden(fieldName, failure) : closedToToken(fieldName, caller.rows),
    },
    defaultFieldNullability: false,
    relay: relayOptions,
    prisma: {
      client: (context) => context.services.store.prisma,
      dmmf: getDatamodel(),
      exposeDescriptions: false,
    },
  });
  addScalars(builder);
  builder.globalConnectionField('totalCount', (t) =>
    t.field({
      type: 'SafeInt',
      extensions: costsCount,
      description: 'Number of items on all pages. Counted only when selected.',
      resolve: (page) => page.count(),
    }),
  );
  builder.queryType({ description: 'All queries.' });
  builder.mutationType({ description: 'All operations that record or change data.' });
  builder.subscriptionType({
    description: 'All live streams, over WebSockets or server-sent events.',
  });
  return builder;
}

/** The error for a caller whose key lacks the scope of a field. */
function forbidden(field: string, failure: AuthFailure): TelltaleError {
  const scope = missingScope(failure)?.toUpperCase() ?? 'ADMIN';
  return new TelltaleError('FORBIDDEN', `\`${field}\` needs an API key with the scope ${scope}.`, { scope });
}

/** The plugin wraps the failure of a scope, even if a field declares only one scope. */
function missingScope(failure: AuthFailure): string | undefined {
  if ('scope' in failure) return failure.scope;
  return 'failures' in failure ? failure.failures.map(missingScope).find(Boolean) : undefined;
}

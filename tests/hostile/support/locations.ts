import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isObjectType,
} from 'graphql';

export type Field = GraphQLField<unknown, unknown>;
export type Kind = 'query' | 'mutation' | 'subscription';

/** A field with arguments, and the path to it. */
export interface Location {
  readonly kind: Kind;
  /** `Agent.llmCalls`. */
  readonly name: string;
  /** The fields from the root to this one, which is the last one. */
  readonly fields: readonly Field[];
}

/** A value that a client may send: a whole argument, or a member of one. */
export interface Spot {
  readonly location: Location;
  readonly argument: GraphQLArgument;
  /** The members from the argument down. If empty, the value is the argument itself. */
  readonly path: readonly string[];
  readonly type: GraphQLInputType;
  /**
   * `LlmCallFilter.model`, or `Query.llmCalls(first)`: the same spot may occur at many locations.
   */
  readonly name: string;
}

/** Each field with arguments once, by the shortest path from a root. */
export function locationsOf(schema: GraphQLSchema): Location[] {
  const found = new Map<string, Location>();
  const seen = new Set<GraphQLObjectType>();
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  let level = Object.entries(roots).flatMap(([kind, type]) =>
    type ? [{ kind: kind as Kind, type, fields: [] as readonly Field[] }] : [],
  );
  while (level.length > 0) {
    const below: typeof level = [];
    for (const { kind, type, fields } of level) {
      if (seen.has(type)) continue;
      seen.add(type);
      for (const field of Object.values(type.getFields())) {
        const steps = [...fields, field];
        const name = `${type.name}.${field.name}`;
        if (field.args.length > 0) found.set(name, { kind, name, fields: steps });
        const inner = getNamedType(field.type);
        // A query also reaches the types that subscriptions and mutations return.
        if (isObjectType(inner)) below.push({ kind, type: inner, fields: steps });
      }
    }
    level = below.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  }
  return [...found.values()];
}

const ORDER: readonly Kind[] = ['query', 'mutation', 'subscription'];

/** Every argument of a location, and every member of those that are objects. */
export function spotsOf(location: Location): Spot[] {
  const target = location.fields.at(-1) as Field;
  return target.args.flatMap((argument) => {
    const name = `${location.name}(${argument.name})`;
    return below({ location, argument, path: [], type: argument.type, name }, new Set());
  });
}

function below(spot: Spot, around: ReadonlySet<string>): Spot[] {
  const named = getNamedType(spot.type);
  // `and`, `or` and `not` of a filter contain filters again.
  if (!isInputObjectType(named) || around.has(named.name)) return [spot];
  const inside = new Set([...around, named.name]);
  const members = Object.values(named.getFields()).flatMap(({ name, type }) =>
    below({ ...spot, path: [...spot.path, name], type, name: `${named.name}.${name}` }, inside),
  );
  return [spot, ...members];
}

/** The fields of object types that have arguments, as `Type.field`. */
export function fieldsWithArguments(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields()).flatMap(({ name, args }) =>
          args.length > 0 ? [`${type.name}.${name}`] : [],
        )
      : [],
  );
}

export const nullable = (type: GraphQLInputType) => getNullableType(type) as GraphQLInputType;

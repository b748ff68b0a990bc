import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
} from 'graphql';

/**
 * The types that queries can reach, by name, without those that only mutations and subscriptions
 * use.
 */
export function readableTypes(schema: GraphQLSchema): ReadonlyMap<string, GraphQLNamedType> {
  const reached = new Map<string, GraphQLNamedType>();
  const open: GraphQLNamedType[] = [];
  const add = (type: GraphQLNamedType): void => {
    if (reached.has(type.name) || isIntrospectionType(type)) return;
    reached.set(type.name, type);
    open.push(type);
  };
  const query = schema.getQueryType();
  if (query) add(query);
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    for (const next of neighbours(schema, type)) add(next);
  }
  return reached;
}

function neighbours(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isUnionType(type)) return type.getTypes();
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => getNamedType(field.type));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const ofFields = Object.values(type.getFields()).flatMap((field) => [
    getNamedType(field.type),
    ...field.args.map((argument) => getNamedType(argument.type)),
  ]);
  return isInterfaceType(type) ? [...ofFields, ...schema.getPossibleTypes(type)] : ofFields;
}

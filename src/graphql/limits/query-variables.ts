import {
  type GraphQLSchema,
  getVariableValues,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type TypeNode,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/**
 * The values of the variables as the executor would coerce them, with their defaults; null if one
 * is invalid. For a mutation this reads only scalars and enums: it may carry thousands of events,
 * and a price does not depend on them.
 */
export function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Values,
): Record<string, unknown> | null {
  const definitions = (operation.variableDefinitions ?? []).filter(
    ({ type }) => operation.operation !== OperationTypeNode.MUTATION || isLeaf(schema, type),
  );
  const { coerced } = getVariableValues(schema, definitions, given, { maxErrors: 1 });
  return coerced ?? null;
}

function isLeaf(schema: GraphQLSchema, type: TypeNode): boolean {
  if (type.kind !== Kind.NAMED_TYPE) return isLeaf(schema, type.type);
  return isLeafType(schema.getType(type.name.value));
}

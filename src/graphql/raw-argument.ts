import { type GraphQLResolveInfo, Kind } from 'graphql';
import { literalValue } from './literal-value.ts';

/**
 * An argument as the client sent it, before scalars are parsed; undefined if it is absent. A
 * literal in the document and a variable give the same JSON, because `useIngestVariables` leaves
 * ingest variables as they are.
 */
export function rawArgument(info: GraphQLResolveInfo, name: string): unknown {
  const node = info.fieldNodes[0]?.arguments?.find((argument) => argument.name.value === name);
  if (node === undefined) return undefined;
  if (node.value.kind === Kind.VARIABLE) return info.variableValues[node.value.name.value];
  return literalValue(node.value, info.variableValues);
}

import { GraphQLError, type GraphQLSchema, getNamedType, getOperationAST, Kind } from 'graphql';
import { parseLimited, type QueryLimits } from '../limits/query-limits.ts';

/** The request parameters as the client sent them, which decide whether an operation is ingest. */
export interface OperationParams {
  readonly query?: unknown;
  readonly operationName?: unknown;
}

/** Whether an operation only records events. False if it cannot be parsed. */
export type IsIngest = (params: OperationParams) => boolean;

/**
 * Ingest may be larger than other requests. It consists of `record…` mutations: those with an
 * argument for events.
 */
export function createIsIngest(schema: GraphQLSchema, limits: QueryLimits): IsIngest {
  const names = recordMutations(schema);
  return ({ query, operationName }) => {
    if (typeof query !== 'string') return false;
    const document = parseOrNull(query, limits);
    if (document === null) return false;
    const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : null);
    return (
      operation?.operation === 'mutation' &&
      operation.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && names.has(selection.name.value),
      )
    );
  };
}

function recordMutations(schema: GraphQLSchema): ReadonlySet<string> {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const found = fields.filter(({ args }) =>
    args.some(({ type }) => getNamedType(type).extensions['telltaleIngest'] === true),
  );
  return new Set(found.map(({ name }) => name));
}

function parseOrNull(query: string, limits: QueryLimits) {
  try {
    return parseLimited(query, limits);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

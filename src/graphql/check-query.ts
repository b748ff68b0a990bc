import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  specifiedRules,
  validate,
} from 'graphql';
import { InvalidArgument } from '../core/errors.ts';
import { createQuerySizeRule, parseLimited, type QueryLimits } from './limits/query-limits.ts';

/** A query that came as the value of an argument, to be run or stored by the server. */
export interface QueryCheck {
  /** The schema to ask, usually `info.schema`. */
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** The text of the document. */
  readonly source: string;
  /** The path of the argument that holds the text, such as `input.testQuery`: errors name it. */
  readonly argument: string;
}

/** A reader mends the first faults first; the rest is often their echo. */
const MAX_FAULTS = 3;

/**
 * The parsed document of a query that may run: one operation that only reads, valid against the
 * schema and within the limits that hold for every client.
 *
 * @throws InvalidArgument at `argument`, with the first faults and their line and column.
 */
export function checkQuery({ schema, limits, source, argument }: QueryCheck): DocumentNode {
  const document = parseArgument(source, limits, argument);
  checkOperation(document, argument);
  const rules = [...specifiedRules, createQuerySizeRule(limits)];
  const errors = validate(schema, document, rules, { maxErrors: MAX_FAULTS });
  if (errors.length > 0) throw unusable(errors, argument);
  return document;
}

function parseArgument(source: string, limits: QueryLimits, argument: string): DocumentNode {
  try {
    return parseLimited(source, limits);
  } catch (error) {
    if (error instanceof GraphQLError) throw unusable([error], argument);
    throw error;
  }
}

function checkOperation({ definitions }: DocumentNode, argument: string): void {
  const operations = definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation] = operations;
  if (operation === undefined || operations.length > 1) {
    throw new InvalidArgument(
      `${argument} takes a document of one operation, not of ${operations.length}.`,
      argument,
    );
  }
  if (operation.operation !== OperationTypeNode.QUERY) {
    throw new InvalidArgument(
      `${argument} takes a read-only query, such as "{ __typename }"; this is a ${operation.operation}.`,
      argument,
    );
  }
}

function unusable(errors: readonly GraphQLError[], argument: string): InvalidArgument {
  const faults = errors.slice(0, MAX_FAULTS).map(describe);
  // graphql-js stops at the next one, and says so in its place.
  if (errors.length > MAX_FAULTS) faults.push('There are more.');
  return new InvalidArgument(`${argument} is not a valid query. ${faults.join(' ')}`, argument);
}

/** `Cannot query field "x" on type "Query". (1:3)`: line and column count from 1, as in editors. */
function describe({ message, locations }: GraphQLError): string {
  const [place] = locations ?? [];
  return place === undefined ? message : `${message} (${place.line}:${place.column})`;
}

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
import type { Caller } from '../access/caller.ts';
import { InvalidArgument } from '../core/errors.ts';
import { createQuerySizeRule, parseLimited, type QueryLimits } from './limits/query-limits.ts';
import { schemaViewOf } from './schema-for-readers.ts';

/** A query that a client sent as the value of an argument, for the server to run or store. */
export interface QueryCheck {
  /** The schema to validate the query against, usually `info.schema`. */
  readonly schema: GraphQLSchema;
  readonly limits: QueryLimits;
  /** The sender, whose scopes decide what messages may reveal about the schema. */
  readonly caller: Pick<Caller, 'scopes'>;
  /** The text of the document. */
  readonly source: string;
  /** The path of the argument that holds the text, such as `input.testQuery`. Errors name it. */
  readonly argument: string;
}

/** The most faults that a message lists. Later faults often follow from the first ones. */
const MAX_FAULTS = 3;

/**
 * Parses and checks the query. It must be one read-only operation, valid against the schema, and
 * within the limits that apply to every client.
 *
 * @throws InvalidArgument at `argument`, with the first faults and their lines and columns.
 */
export function checkQuery({ schema, limits, caller, source, argument }: QueryCheck): DocumentNode {
  const document = parseArgument(source, limits, argument);
  checkOperation(document, argument);
  const view = schemaViewOf(caller);
  const rules = [...specifiedRules, createQuerySizeRule(limits), ...view.rules];
  const errors = validate(schema, document, rules, { maxErrors: MAX_FAULTS });
  if (errors.length > 0) throw unusable(view.show(errors), argument);
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
      `${argument} takes a document with one operation, not ${operations.length}.`,
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
  // After `MAX_FAULTS`, graphql-js adds an error that says it stopped.
  if (errors.length > MAX_FAULTS) faults.push('There are more.');
  return new InvalidArgument(`${argument} is not a valid query. ${faults.join(' ')}`, argument);
}

/** `Cannot query field "x" on type "Query". (1:3)`: line and column start at 1. */
function describe({ message, locations }: GraphQLError): string {
  const [first] = locations ?? [];
  return first === undefined ? message : `${message} (${first.line}:${first.column})`;
}

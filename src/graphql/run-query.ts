import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { checkQuery, type QueryCheck } from './check-query.ts';
import type { Context } from './context.ts';
import { originOf, visibleError } from './errors.ts';

/** A query to run inside an operation of a caller. */
export interface QueryRequest extends QueryCheck {
  /** The context of the caller's operation: the query sees what the caller may see. */
  readonly context: Context;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What is wrong with the answer, as the caller may see it. */
export interface QueryError {
  readonly message: string;
  /** Where in the answer; empty for what is wrong with the whole, such as a variable. */
  readonly path: readonly (string | number)[];
}

/** The answer as plain JSON, or, when there is any error, the first of the errors. */
export type QueryRun =
  | { readonly data: Readonly<Record<string, unknown>> }
  | { readonly errors: readonly QueryError[] };

/**
 * The longest answer, as UTF-8 JSON. It is measured when it is there: what a query may read is
 * bounded as for any client.
 */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** A wrong argument of a nullable field is an error for every item of the list around it. */
const MAX_ERRORS = 20;

/**
 * Runs a query that only reads, inside an operation and with the rights of its caller, and answers
 * what a client would get over HTTP. Unexpected errors are thrown, so that the operation around it
 * masks and logs them as its own.
 *
 * There is no time limit, as there is none for queries from outside: graphql-js cannot stop
 * resolvers that have begun.
 *
 * @throws InvalidArgument when the text is not one valid query within the limits (see
 *   `checkQuery`).
 */
export async function runQuery(request: QueryRequest): Promise<QueryRun> {
  const document = checkQuery(request);
  const result = await execute({
    schema: request.schema,
    document,
    variableValues: request.variables,
    // Pothos' Prisma plugin notes by context and response path which columns of states are loaded:
    // without one of its own, this query would share the notes of others at the same path.
    contextValue: { ...request.context },
  });
  return answerOf(result);
}

function answerOf({ data, errors = [] }: ExecutionResult): QueryRun {
  if (errors.length > 0) return { errors: errors.map(visibleOrThrow).slice(0, MAX_ERRORS) };
  const text = JSON.stringify(data);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_ANSWER_BYTES) return { errors: [tooLong(bytes)] };
  return { data: JSON.parse(text) };
}

/**
 * Throws the origin, not its wrapper: that has a path of its own, which would stand for the path of
 * the field that ran the query.
 */
function visibleOrThrow(error: GraphQLError): QueryError {
  const visible = visibleError(error);
  if (visible === null) throw originOf(error);
  return { message: visible.message, path: visible.path ?? [] };
}

function tooLong(bytes: number): QueryError {
  return {
    message:
      `The answer has ${bytes} bytes; at most ${MAX_ANSWER_BYTES}. ` +
      'Ask for fewer fields, a smaller `first` or a shorter range.',
    path: [],
  };
}

import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getOperationAST,
} from 'graphql';
import { present } from '../core/defined.ts';
import { TelltaleError } from '../core/errors.ts';
import { checkQuery, type QueryCheck } from './check-query.ts';
import type { Context } from './context.ts';
import { originOf, visibleError } from './errors.ts';
import { checkCost, priceQuery } from './limits/query-cost.ts';
import { limitReads } from './limits/read-limits.ts';

/** A query to run inside the operation of a caller. */
export interface QueryRequest extends Omit<QueryCheck, 'caller'> {
  /** The context of the caller's operation: the query sees what the caller may see. */
  readonly context: Context;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** An error in the answer, as the caller may see it. */
export interface QueryError {
  readonly message: string;
  /** The path in the answer. Empty if the error concerns the whole query, such as a variable. */
  readonly path: readonly (string | number)[];
}

/** The answer as plain JSON, or the first errors if there are any. */
export type QueryRun =
  | { readonly data: Readonly<Record<string, unknown>> }
  | { readonly errors: readonly QueryError[] };

/**
 * The maximum size of an answer, as UTF-8 JSON. It is checked after execution; what a query may
 * read is limited as for any client.
 */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** An invalid argument of a nullable field causes one error per item of the list around it. */
const MAX_ERRORS = 20;

/**
 * Runs a read-only query inside an operation, with the rights of its caller, and returns what a
 * client would get over HTTP. Throws unexpected errors, so that the operation masks and logs them
 * as its own.
 *
 * The query is subject to the same rules as any query of that caller: what it may learn about the
 * schema, the price, the deadline, and the limits of what it reads.
 *
 * @throws TelltaleError UNAVAILABLE if the server stops before the query has its answer.
 * @throws InvalidArgument if the text is not one valid query within the limits (see `checkQuery`).
 */
export async function runQuery(request: QueryRequest): Promise<QueryRun> {
  const { context } = request;
  const { config, store } = context.services;
  const document = checkQuery({ ...request, caller: context.caller });
  const refusal = refusalOf(request, document);
  if (refusal !== null) return { errors: [refusal] };
  const args = {
    schema: request.schema,
    document,
    variableValues: request.variables,
    // Pothos' Prisma plugin records loaded columns of states by context and response path. Without
    // its own context, this query would share the records of other queries at the same path.
    contextValue: { ...context },
  };
  const limited = limitReads(context, config.limits);
  const { stopping } = context;
  const stop = () => limited.stop(stopping?.reason);
  stopping?.addEventListener('abort', stop);
  try {
    stopping?.throwIfAborted();
    const result = await store.reading(limited.scope, async () => execute(args));
    // Such an error is not an answer to the query.
    if (result.errors !== undefined) stopping?.throwIfAborted();
    return answerOf(result);
  } finally {
    stopping?.removeEventListener('abort', stop);
    limited.close();
  }
}

/** Why the query must not run, worded as for a client; null if it may run. */
function refusalOf(
  { schema, variables = {}, limits, context }: QueryRequest,
  document: DocumentNode,
): QueryError | null {
  const operation = present(getOperationAST(document));
  const now = context.services.clock.now();
  try {
    const cost = priceQuery({ schema, document, operation, variables, now, caller: context.caller });
    if (cost !== null) checkCost(cost, limits.queryCost);
    return null;
  } catch (error) {
    if (error instanceof TelltaleError) return { message: error.message, path: [] };
    throw error;
  }
}

function answerOf({ data, errors = [] }: ExecutionResult): QueryRun {
  if (errors.length > 0) return { errors: errors.map(visibleOrThrow).slice(0, MAX_ERRORS) };
  const text = JSON.stringify(data);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_ANSWER_BYTES) return { errors: [tooLong(bytes)] };
  return { data: JSON.parse(text) };
}

/**
 * Throws the original error, not its wrapper: the path of the wrapper would replace the path of the
 * field that ran the query.
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

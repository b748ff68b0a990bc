import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import type { MaskError } from '../../graphql/errors.ts';
import { shortError } from '../../graphql/short-errors.ts';

/** Error codes of the engine. `maskError` has already handled all other errors. */
const ENGINE_CODES: ReadonlySet<unknown> = new Set([
  undefined,
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'INTERNAL_SERVER_ERROR',
]);

/**
 * Gives each error one of our codes, and shortens it. Errors of fields were masked before; this
 * handles the rest.
 */
export function withStableCodes(
  errors: readonly GraphQLError[],
  maskError: MaskError,
): readonly GraphQLError[] {
  const corrected = errors.map((error) =>
    ENGINE_CODES.has(error.extensions?.['code']) ? maskError(error) : shortError(error),
  );
  return corrected.every((error, index) => error === errors[index]) ? errors : corrected;
}

/** Gives stable codes to parse errors, validation errors and errors of malformed requests. */
export function useStableErrorCodes(maskError: MaskError): Plugin<Context> {
  function corrected(result: ExecutionResult): ExecutionResult {
    if (result.errors === undefined) return result;
    const errors = withStableCodes(result.errors, maskError);
    return errors === result.errors ? result : { ...result, errors };
  }

  return {
    onExecutionResult({ result, setResult }) {
      if (isSingle(result) && result.errors !== undefined) setResult(corrected(result));
    },
    // The only hook that sees errors from before the execution, such as a body that is not JSON or
    // an unknown parameter.
    onResultProcess({ result, setResult }) {
      if (isSingle(result) && result.errors !== undefined) setResult(corrected(result));
    },
  };
}

function isSingle(result: unknown): result is ExecutionResult {
  return result != null && !Array.isArray(result) && !(Symbol.asyncIterator in Object(result));
}

import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { MaskError } from '../../graphql/errors.ts';

/** The engine's own codes; everything else has passed `maskError` already. */
const ENGINE_CODES: ReadonlySet<unknown> = new Set([
  undefined,
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'INTERNAL_SERVER_ERROR',
]);

/**
 * The errors with one of our codes each. What comes from a field was masked before; this catches
 * the rest.
 */
export function withStableCodes(
  errors: readonly GraphQLError[],
  maskError: MaskError,
): readonly GraphQLError[] {
  const foreign = errors.some((error) => ENGINE_CODES.has(error.extensions?.['code']));
  if (!foreign) return errors;
  return errors.map((error) => (ENGINE_CODES.has(error.extensions?.['code']) ? maskError(error) : error));
}

/** Parse and validation errors, and those about the request's form, get a stable code too. */
export function useStableErrorCodes(maskError: MaskError): Plugin {
  function corrected(result: ExecutionResult): ExecutionResult {
    if (result.errors === undefined) return result;
    const errors = withStableCodes(result.errors, maskError);
    return errors === result.errors ? result : { ...result, errors };
  }

  return {
    onExecutionResult({ result, setResult }) {
      if (isSingle(result) && result.errors !== undefined) setResult(corrected(result));
    },
    // The only hook that sees errors from before the execution: a body that is no JSON, an unknown
    // parameter.
    onResultProcess({ result, setResult }) {
      if (isSingle(result) && result.errors !== undefined) setResult(corrected(result));
    },
  };
}

function isSingle(result: unknown): result is ExecutionResult {
  return result != null && !Array.isArray(result) && !(Symbol.asyncIterator in Object(result));
}

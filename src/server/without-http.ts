import { type ExecutionResult, GraphQLError } from 'graphql';

/**
 * The result as a WebSocket shows it: without `extensions.http`, with which errors choose the
 * status of an HTTP response. Yoga removes it from responses.
 */
export function withoutHttp<Result extends Pick<ExecutionResult, 'errors'>>(result: Result): Result {
  const { errors } = result;
  if (errors === undefined || !errors.some(hasHttp)) return result;
  return { ...result, errors: errorsWithoutHttp(errors) };
}

/** The same for errors without a result. */
export const errorsWithoutHttp = (errors: readonly GraphQLError[]): readonly GraphQLError[] =>
  errors.map((error) => (hasHttp(error) ? copyWithoutHttp(error) : error));

const hasHttp = ({ extensions }: GraphQLError): boolean => extensions['http'] !== undefined;

function copyWithoutHttp(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, originalError } = error;
  const { http: _http, ...extensions } = error.extensions;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}

import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { parseExactJson } from '../core/exact-json.ts';
import { messageOf } from '../core/thrown.ts';

/**
 * Reads the parameters of a request from the JSON of its body.
 *
 * @throws GraphQLError with status 400.
 */
export function readBodyParams(text: string): GraphQLParams {
  const params = parseJson(text, 'The request body');
  if (Array.isArray(params)) throw badRequest('Batching is not supported: send one operation per request.');
  if (params === null || typeof params !== 'object')
    throw badRequest('The request body must be a JSON object.');
  return checkOperationName(params);
}

/**
 * Reads the parameters of a GET from its URL. `variables` and `extensions` are JSON texts; an empty
 * one counts as absent.
 *
 * @throws GraphQLError with status 400.
 */
export function readUrlParams(url: string): GraphQLParams {
  const [, search = ''] = url.split(/\?(.*)/s, 2);
  const given = new URLSearchParams(search);
  const documentId = given.get('documentId');
  const json = (name: string): GraphQLParams['variables'] => {
    const text = given.get(name);
    // Yoga checks that it is an object.
    return text ? (parseJson(text, `The URL parameter "${name}"`) as Record<string, unknown>) : undefined;
  };
  return {
    query: given.get('query') || undefined,
    ...(documentId !== null && { documentId }),
    operationName: given.get('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function parseJson(text: string, what: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw badRequest(`${what} is not valid JSON: ${messageOf(error)}`);
  }
}

/** Yoga checks the types of all other parameters. */
function checkOperationName(params: GraphQLParams): GraphQLParams {
  const { operationName }: { readonly operationName?: unknown } = params;
  if (operationName == null || typeof operationName === 'string') return params;
  throw badRequest(`Expected "operationName" param to be a string, but given ${typeof operationName}.`);
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

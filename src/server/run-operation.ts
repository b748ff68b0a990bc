import type { IncomingMessage } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { Caller } from '../access/caller.ts';
import type { Client } from '../graphql/context.ts';
import type { MaskError } from '../graphql/errors.ts';
import { withStableCodes } from './plugins/use-stable-error-codes.ts';
import { GRAPHQL_ENDPOINT, type Yoga } from './yoga.ts';

/** Who sends the operation, in which request, and whether somebody still waits for the answer. */
export interface Asking {
  readonly request: IncomingMessage;
  readonly caller: Caller;
  readonly client: Client;
}

/**
 * Runs an operation of a request through all of Yoga's hooks, without a fetch request. Null for a
 * subscription, which needs a stream. Never rejects: errors become errors of the result.
 *
 * @param read reads the parameters of the operation
 * @param method with `GET`, Yoga runs no mutation
 */
export type RunOperation = (
  asking: Asking,
  read: () => GraphQLParams | Promise<GraphQLParams>,
  method?: 'GET' | 'POST',
) => Promise<ExecutionResult | null>;

export function createRunOperation({ getResultForParams }: Yoga, maskError: MaskError): RunOperation {
  return async ({ request, caller, client }, read, method = 'POST') => {
    try {
      const params = await read();
      const result = await getResultForParams(
        { params, request: fetchLike(request, method) },
        { caller, req: request, client },
      );
      if (result === undefined || !(Symbol.asyncIterator in result)) return result ?? {};
      await result[Symbol.asyncIterator]().return?.();
      return null;
    } catch (error) {
      const shown = error instanceof GraphQLError ? error : maskError(error);
      return { errors: withStableCodes([shown], maskError) };
    }
  };
}

/**
 * The parts of a request that Yoga's hooks read after parsing. Yoga's type requires all of
 * `Request`; its code and our plugins use only the method, the URL and single headers.
 */
function fetchLike({ headers }: IncomingMessage, method: string): Request {
  const get = (name: string) => headers[name.toLowerCase()] ?? null;
  return { method, url: GRAPHQL_ENDPOINT, headers: { get } } as unknown as Request;
}

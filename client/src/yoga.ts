import { errorEvent } from './events.ts';
import { beginRequest, type MiddlewareOptions, type RequestRecorder } from './http/request.ts';

/** The used part of a Fetch API request. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

interface FetchResponse {
  readonly status: number;
}

type Handler = (request: never, context: never) => FetchResponse | Promise<FetchResponse>;

interface RequestHook {
  readonly request: FetchRequest;
  readonly url: { readonly pathname: string };
  readonly requestHandler: Handler;
  setRequestHandler(handler: Handler): void;
}

interface Execution {
  readonly operationName?: string | null | undefined;
  readonly document: { readonly definitions: readonly Definition[] };
  readonly contextValue: unknown;
}

interface Definition {
  readonly kind: string;
  readonly operation?: string;
  readonly name?: { readonly value: string } | undefined;
}

/** A plugin of GraphQL Yoga. */
export interface TelltaleYogaPlugin {
  onRequest(hook: RequestHook): void;
  onExecute(hook: { readonly args: Execution }): { onExecuteDone(done: { readonly result: unknown }): void };
}

/** What the execution of a request found out. */
interface Findings {
  operation: string;
  errors: number;
}

/**
 * Records each request by its operation, such as "/graphql query Cart", and runs resolvers in its
 * context. What a resolver throws is recorded as an error, unless it is a GraphQLError, which is
 * meant for the client.
 */
export function useTelltale(
  telltale: RequestRecorder,
  options: MiddlewareOptions<FetchRequest> = {},
): TelltaleYogaPlugin {
  const findings = new WeakMap<object, Findings>();

  return {
    onRequest({ request, url, requestHandler, setRequestHandler }) {
      const underWay = beginRequest(telltale, request, options);
      if (underWay === null) return;
      const found: Findings = { operation: '', errors: 0 };
      findings.set(request, found);
      const { method, headers } = request;
      const end = (statusCode: number) => {
        const endpoint = found.operation === '' ? url.pathname : `${url.pathname} ${found.operation}`;
        const attributes = found.errors > 0 ? { graphqlErrors: found.errors } : undefined;
        const userAgent = headers.get('user-agent') ?? undefined;
        underWay.end({ method, endpoint, statusCode, userAgent, attributes });
      };
      setRequestHandler(async (...args) => {
        try {
          const response = await underWay.run(() => requestHandler(...args));
          end(response.status);
          return response;
        } catch (error) {
          underWay.run(() => telltale.error(errorEvent(error)));
          end(500);
          throw error;
        }
      });
    },
    onExecute({ args }) {
      const found = findings.get((args.contextValue as { request: object }).request);
      if (found !== undefined) found.operation ||= operationOf(args);
      return {
        onExecuteDone({ result }) {
          const errors = errorsOf(result);
          if (found !== undefined) found.errors += errors.length;
          for (const { originalError } of errors) {
            if (isUnexpected(originalError)) telltale.error(errorEvent(originalError));
          }
        },
      };
    },
  };
}

/** "query Cart": few enough values to group by. */
function operationOf({ document, operationName }: Execution): string {
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const named = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  return `${named?.operation ?? 'query'} ${named?.name?.value ?? '(anonymous)'}`;
}

function errorsOf(result: unknown): readonly { readonly originalError?: unknown }[] {
  const { errors } = typeof result === 'object' && result !== null ? (result as { errors?: unknown }) : {};
  return Array.isArray(errors) ? errors : [];
}

const isUnexpected = (error: unknown): error is Error =>
  error instanceof Error && error.name !== 'GraphQLError';

import type { GraphQLSchema } from 'graphql';
import { _createLRUCache, createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../access/caller.ts';
import type { Config } from '../config/config.ts';
import type { Context, Services } from '../graphql/context.ts';
import type { MaskError } from '../graphql/errors.ts';
import { useIngestVariables } from '../graphql/events/ingest-variables.ts';
import { useQueryCost } from '../graphql/limits/use-query-cost.ts';
import { useDroppedEvents } from '../graphql/live/use-dropped-events.ts';
import { useKept } from '../graphql/use-kept.ts';
import { useGraphiqlPage } from './plugins/use-graphiql-page.ts';
import { type Readiness, useHealthEndpoints } from './plugins/use-health-endpoints.ts';
import { useJsonRequestsOnly } from './plugins/use-json-requests-only.ts';
import { useNoForeignQueries } from './plugins/use-no-foreign-queries.ts';
import { useNoLinkedData } from './plugins/use-no-linked-data.ts';
import { useNotFound } from './plugins/use-not-found.ts';
import { useQueryLimits } from './plugins/use-query-limits.ts';
import { useReferenceExecutor } from './plugins/use-reference-executor.ts';
import { useRequestParams } from './plugins/use-request-params.ts';
import { useRetryAfter } from './plugins/use-retry-after.ts';
import { useSchemaForReaders } from './plugins/use-schema-for-readers.ts';
import { useStableErrorCodes } from './plugins/use-stable-error-codes.ts';
import { useStartPage } from './plugins/use-start-page.ts';
import { useValidCallers } from './plugins/use-valid-callers.ts';

export const GRAPHQL_ENDPOINT = '/graphql';

/**
 * What a transport adds to the context: who makes the request, whether the client still waits, and
 * Node's request if there is one.
 */
export type TransportContext = { caller: Caller; req?: object; signal?: AbortSignal };

export type Yoga = YogaServerInstance<TransportContext, Context>;

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** Passed unchanged to every operation. */
  readonly services: Services;
  readonly config: Pick<Config, 'limits' | 'graphiql'>;
  readonly maskError: MaskError;
  readonly readiness: () => Promise<Readiness>;
  /** Plugins of a transport. */
  readonly plugins: readonly Plugin[];
}

/**
 * The GraphQL engine, with one plugin per behaviour. HTTP, SSE, WebSocket and in-process calls
 * share it.
 */
export function createYogaServer(options: YogaOptions): Yoga {
  const { config, maskError, services } = options;
  const plugins: Plugin[] = [
    useHealthEndpoints(options.readiness),
    ...(config.graphiql ? [useGraphiqlPage(GRAPHQL_ENDPOINT)] : []),
    useStartPage(GRAPHQL_ENDPOINT),
    useNotFound(GRAPHQL_ENDPOINT),
    useNoForeignQueries(),
    useJsonRequestsOnly(),
    useRequestParams(),
    useReferenceExecutor(),
    useValidCallers(),
    useSchemaForReaders(),
    useNoLinkedData(),
    useQueryLimits(config.limits),
    useQueryCost(config.limits.queryCost),
    useIngestVariables(),
    useDroppedEvents(),
    useKept(),
    useStableErrorCodes(maskError),
    useRetryAfter(),
    ...options.plugins,
  ];
  return createYoga<TransportContext, Context>({
    schema: options.schema,
    context: ({ caller }) => ({ services, caller, projectId: caller.projectId }),
    graphqlEndpoint: GRAPHQL_ENDPOINT,
    maskedErrors: { maskError },
    // `maskError` and the transports write the log.
    logging: false,
    // `Cors` decides before Yoga sees the request.
    cors: false,
    // Our own page (useGraphiqlPage) works offline and is sent compressed.
    graphiql: false,
    landingPage: false,
    parserAndValidationCache: { documentCache: cacheOfShort(), errorCache: cacheOfShort() },
    batching: false,
    multipart: false,
    // The server shuts down by itself, in an order that loses no data.
    disposeOnProcessTerminate: false,
    // Node's transport has its own limits (`BodyReader`), which do not copy every request as Yoga's
    // do.
    maxRequestBodySize: config.limits.ingestBodyBytes,
    plugins,
  });
}

/** A longer document is parsed each time: a thousand of them would fill the memory. */
const CACHED_CHARACTERS = 32_768;

/** Yoga's cache of documents by their text, for texts of a usual length. */
function cacheOfShort<Value extends object>() {
  const cache = _createLRUCache<Value>();
  return {
    get: (text: string) => cache.get(text),
    set(text: string, value: Value) {
      if (text.length <= CACHED_CHARACTERS) cache.set(text, value);
    },
  };
}

import type { IncomingMessage } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../access/caller.ts';
import type { Config } from '../config/config.ts';
import { type Client, type Context, contextOf, type Services } from '../graphql/context.ts';
import type { MaskError } from '../graphql/errors.ts';
import { useIngestVariables } from '../graphql/events/ingest-variables.ts';
import { useBudgets } from '../graphql/limits/use-budgets.ts';
import { useQueryCost } from '../graphql/limits/use-query-cost.ts';
import { useSharedSubscriptions } from '../graphql/live/sharing/use-shared-subscriptions.ts';
import { useDroppedEvents } from '../graphql/live/use-dropped-events.ts';
import { useKept } from '../graphql/use-kept.ts';
import { useReplica } from '../graphql/use-replica.ts';
import type { Instruments } from '../metrics/instruments.ts';
import type { ClientAddress } from './client-address.ts';
import { createDocumentCache } from './document-cache.ts';
import type { UnreadAnswers } from './limits/unread-answers.ts';
import { useGraphiqlPage } from './plugins/use-graphiql-page.ts';
import { type Readiness, useHealthEndpoints } from './plugins/use-health-endpoints.ts';
import { useJsonRequestsOnly } from './plugins/use-json-requests-only.ts';
import { useLongAnswers } from './plugins/use-long-answers.ts';
import { useNoForeignQueries } from './plugins/use-no-foreign-queries.ts';
import { useNoLinkedData } from './plugins/use-no-linked-data.ts';
import { useNotFound } from './plugins/use-not-found.ts';
import { useOperationMetrics } from './plugins/use-operation-metrics.ts';
import { useQueryLimits } from './plugins/use-query-limits.ts';
import { useReadableAnswers } from './plugins/use-readable-answers.ts';
import { useReferenceExecutor } from './plugins/use-reference-executor.ts';
import { useRequestParams } from './plugins/use-request-params.ts';
import { useRetryAfter } from './plugins/use-retry-after.ts';
import { useSchemaForReaders } from './plugins/use-schema-for-readers.ts';
import { useStableErrorCodes } from './plugins/use-stable-error-codes.ts';
import { useStartPage } from './plugins/use-start-page.ts';
import { useTrustedDocuments } from './plugins/use-trusted-documents.ts';
import { useValidCallers } from './plugins/use-valid-callers.ts';
import { createTrustedDocuments, type TrustedDocuments } from './trusted-documents.ts';

export const GRAPHQL_ENDPOINT = '/graphql';
/** Where browsers get GraphiQL, in addition to the endpoint. */
export const GRAPHIQL_PATH = '/graphiql';

/**
 * What a transport adds to the context: who makes the request, whether the client still waits, and
 * facts about the request, if there is one.
 */
export type TransportContext = {
  caller: Caller;
  req?: Pick<IncomingMessage, 'headers' | 'socket'>;
  client?: Client;
};

export type Yoga = YogaServerInstance<TransportContext, Context>;

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** Passed unchanged to every operation. */
  readonly services: Services;
  readonly config: Pick<Config, 'limits' | 'graphiql'>;
  readonly maskError: MaskError;
  readonly addressOf: ClientAddress;
  /** Default: none. */
  readonly documents?: TrustedDocuments;
  readonly readiness: () => Promise<Readiness>;
  readonly instruments: Pick<Instruments, 'operation'>;
  readonly unread: UnreadAnswers;
  /** Plugins of a transport. */
  readonly plugins: readonly Plugin<Context>[];
}

/**
 * The GraphQL engine, with one plugin per behaviour. HTTP, SSE, WebSocket and in-process calls
 * share it.
 */
export function createYogaServer(options: YogaOptions): Yoga {
  const { config, maskError, services, addressOf, documents = createTrustedDocuments(new Map()) } = options;
  const plugins: Plugin<Context>[] = [
    useOperationMetrics(options.instruments),
    useHealthEndpoints(options.readiness),
    ...(config.graphiql ? [useGraphiqlPage(GRAPHQL_ENDPOINT, GRAPHIQL_PATH)] : []),
    useStartPage(GRAPHQL_ENDPOINT),
    useNotFound(GRAPHQL_ENDPOINT),
    useNoForeignQueries(),
    useJsonRequestsOnly(),
    useRequestParams(),
    useTrustedDocuments(documents),
    useReferenceExecutor(),
    useSharedSubscriptions({ services, maskError }),
    useValidCallers(),
    useSchemaForReaders(),
    useNoLinkedData(),
    useQueryLimits(config.limits),
    useQueryCost(config.limits.queryCost),
    useBudgets(config.limits.queryCost),
    useIngestVariables(),
    useDroppedEvents(),
    useKept(),
    useReplica(),
    useStableErrorCodes(maskError),
    useRetryAfter(),
    useReadableAnswers(),
    useLongAnswers(services.portions, options.unread),
    ...options.plugins,
  ];
  return createYoga<TransportContext, Context>({
    schema: options.schema,
    context: ({ caller, req }) => ({
      ...contextOf(services, caller),
      account: services.budgets.accountOf(caller.keyId, () => (req === undefined ? null : addressOf(req))),
    }),
    graphqlEndpoint: GRAPHQL_ENDPOINT,
    maskedErrors: { maskError },
    // `maskError` and the transports write the log.
    logging: false,
    // `Cors` decides before Yoga sees the request.
    cors: false,
    // Our own page (useGraphiqlPage) works offline and is sent compressed.
    graphiql: false,
    landingPage: false,
    parserAndValidationCache: {
      documentCache: createDocumentCache(documents.texts),
      errorCache: createDocumentCache(),
    },
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

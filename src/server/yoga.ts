import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config/config.ts';
import type { Context } from '../graphql/context.ts';
import type { MaskError } from '../graphql/errors.ts';
import { useIngestVariables } from '../graphql/events/ingest-variables.ts';
import { useDroppedEvents } from '../graphql/live/use-dropped-events.ts';
import { useKept } from '../graphql/use-kept.ts';
import { useGraphiqlPage } from './plugins/use-graphiql-page.ts';
import { type Readiness, useHealthEndpoints } from './plugins/use-health-endpoints.ts';
import { useJsonRequestsOnly } from './plugins/use-json-requests-only.ts';
import { useNotFound } from './plugins/use-not-found.ts';
import { useQueryLimits } from './plugins/use-query-limits.ts';
import { useReferenceExecutor } from './plugins/use-reference-executor.ts';
import { useRetryAfter } from './plugins/use-retry-after.ts';
import { useStableErrorCodes } from './plugins/use-stable-error-codes.ts';
import { useStartPage } from './plugins/use-start-page.ts';

export const GRAPHQL_ENDPOINT = '/graphql';

/** What transports put into the context besides `Context`: Node's request, when there is one. */
export type TransportContext = { req?: object };

export type Yoga = YogaServerInstance<TransportContext, Context>;

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  /** Given to every operation as it is. */
  readonly context: Context;
  readonly config: Pick<Config, 'limits' | 'graphiql'>;
  readonly maskError: MaskError;
  readonly readiness: () => Promise<Readiness>;
  /** Plugins that belong to a transport. */
  readonly plugins: readonly Plugin[];
}

/**
 * The GraphQL engine: one plugin per behaviour, the same for HTTP, SSE, WebSocket and calls in
 * process.
 */
export function createYogaServer(options: YogaOptions): Yoga {
  const { config, maskError } = options;
  const plugins: Plugin[] = [
    useHealthEndpoints(options.readiness),
    ...(config.graphiql ? [useGraphiqlPage(GRAPHQL_ENDPOINT)] : []),
    useStartPage(GRAPHQL_ENDPOINT),
    useNotFound(GRAPHQL_ENDPOINT),
    useJsonRequestsOnly(),
    useReferenceExecutor(),
    useQueryLimits(config.limits),
    useIngestVariables(),
    useDroppedEvents(),
    useKept(),
    useStableErrorCodes(maskError),
    useRetryAfter(),
    ...options.plugins,
  ];
  return createYoga<TransportContext, Context>({
    schema: options.schema,
    context: options.context,
    graphqlEndpoint: GRAPHQL_ENDPOINT,
    maskedErrors: { maskError },
    // What is logged is logged by `maskError` and the transports.
    logging: false,
    // No other origin may read: there is no such client yet, and no key that would tell it from a
    // hostile page.
    cors: false,
    // Our own page works without internet and is sent compressed.
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    // The server ends the process itself, in an order that loses nothing.
    disposeOnProcessTerminate: false,
    // Node's transport reads bodies with a limit of its own, without this one's copies of every
    // request.
    maxRequestBodySize: config.limits.bodyBytes,
    plugins,
  });
}

import type { Socket } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Caller } from '../access/caller.ts';
import { credentialsOf } from '../access/credentials.ts';
import type { Config } from '../config/config.ts';
import { createHeldBytes } from '../core/held-bytes.ts';
import { isLoopback } from '../core/networks.ts';
import type { Context, Services } from '../graphql/context.ts';
import { createMaskError } from '../graphql/errors.ts';
import { createIsIngest } from '../graphql/events/ingest-operation.ts';
import { limitOperations } from '../graphql/limits/use-operation-limits.ts';
import type { Instruments } from '../metrics/instruments.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { answerBrokenRequests } from './broken-requests.ts';
import { createCallers } from './callers.ts';
import { createClientAddress } from './client-address.ts';
import { createCors } from './cors.ts';
import { createDashboard, NO_DASHBOARD } from './dashboard.ts';
import { createEndpoints } from './endpoints.ts';
import type { Exports } from './exports/exports.ts';
import { createHttpServer } from './http-server.ts';
import { createByteBudget } from './limits/byte-budget.ts';
import type { Pace } from './limits/read-body.ts';
import { createAddressCounts } from './limits/socket-limits.ts';
import { createSubscriptionLimits } from './limits/subscription-limits.ts';
import { createUnreadAnswers } from './limits/unread-answers.ts';
import { type Addresses, listenAll } from './listen-all.ts';
import { createLocalAccess } from './local-access.ts';
import { trackSubscriptions } from './plugins/use-ending-subscriptions.ts';
import type { Readiness } from './plugins/use-health-endpoints.ts';
import { createOperationLog } from './plugins/use-operation-log.ts';
import { createLargeRequests } from './plugins/use-size-of-requests.ts';
import { refusalResponse } from './refusal.ts';
import { readTrustedDocuments } from './trusted-documents.ts';
import { attachWebSocketServer } from './websocket-server.ts';
import { createYogaServer } from './yoga.ts';

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'otlpPort'
    | 'metricsPort'
    | 'authDisabled'
    | 'limits'
    | 'trustedProxies'
    | 'corsOrigins'
    | 'dashboard'
    | 'graphiql'
    | 'trustedDocuments'
  >;
  readonly logger: Logger;
  readonly readiness: () => Promise<Readiness>;
  readonly instruments: Instruments;
  readonly metrics: Pick<Metrics, 'text'>;
  /** Makes spans for requests and operations. Default: none. */
  readonly telemetry?: Pick<Telemetry, 'request' | 'plugin'>;
  /** The ids of all projects. */
  readonly projects: () => Iterable<string>;
  /** Default: the heap grows as V8 finds best, whatever the answers. */
  readonly heap?: Heap;
  /** Runs the reads of an operation within its limits. */
  readonly reading: Services['store']['reading'];
  /** See `attachWebSocketServer`. */
  readonly pingEveryMs?: number;
  readonly initWithinMs?: number;
  readonly closeWithinMs?: number;
  readonly messageMs?: number;
  /** See `createUnreadAnswers`. */
  readonly stalledMs?: number;
  /** See `createBodyReader`. */
  readonly pace?: Pace;
}

/** The heap of the process. */
export interface Heap {
  /** Large answers are made now: it should not grow much beyond what they need. */
  need(): void;
  close(): void;
}

/**
 * GraphQL over HTTP, SSE and WebSocket at one endpoint, MCP, downloads and the health endpoints.
 */
export interface Server {
  /** @throws NodeJS.ErrnoException if the port is taken. */
  start(): Promise<Addresses>;
  /**
   * Accepts no new connections, completes every subscription, and answers requests in progress.
   * Closes the connections that are still open after `graceMs`.
   */
  stop(graceMs: number): Promise<void>;
  /** Answers a request in process, without a socket. A given caller needs no key. */
  fetch(request: Request, caller?: Caller): Promise<Response>;
  /** What is currently open. */
  readonly open: {
    readonly connections: number;
    readonly webSockets: number;
    readonly subscriptions: number;
  };
}

/** The share of the grace period after which running reads are stopped. */
export const SHARE_OF_GRACE = 0.8;
/** How long a stopping server waits for the first request of a connection that is already open. */
const UNUSED_MS = 200;

/** @throws TelltaleError if the trusted documents cannot be used */
export function createGraphQLServer(options: ServerOptions): Server {
  const { config, logger, telemetry } = options;
  const maskError = createMaskError(logger);
  const dashboard = config.dashboard ? createDashboard() : NO_DASHBOARD;
  const documents = readTrustedDocuments(config.trustedDocuments.file, dashboard.documents);
  const operations = createOperationLog();
  const logged = logger.isLevelEnabled('debug');
  const { bodyBytes, requestBudgetBytes, runningBytes, answerBytes } = config.limits;
  const budget = createByteBudget(requestBudgetBytes);
  const { heap } = options;
  const held = createHeldBytes(runningBytes, heap?.need);
  const memory = { held, ...(heap && { onExpensive: heap.need }) };
  const queries = limitOperations(options.reading, config.limits, memory);
  const unread = createUnreadAnswers({
    ...{ held, answerBytes },
    ...(options.stalledMs !== undefined && { stalledMs: options.stalledMs }),
    onBrokenOff(answer) {
      options.instruments.brokenOff();
      logger.warn(
        answer,
        'Disconnected the client that had taken nothing of its long answer for longest: others wait for room',
      );
    },
  });
  const isIngest = createIsIngest(options.schema, config.limits);
  const large = createLargeRequests(bodyBytes, isIngest);
  const addressOf = createClientAddress(config.trustedProxies);
  const addresses = createAddressCounts(config.limits.socketsPerAddress, addressOf);
  const subscriptions = trackSubscriptions(
    createSubscriptionLimits(config.limits.subscriptions, { addressOf, addresses }),
  );
  const yoga = createYogaServer({
    ...options,
    ...{ documents, maskError, addressOf, unread },
    plugins: [
      ...[large.plugin, subscriptions.plugin, queries.plugin],
      ...(logged ? [operations.plugin] : []),
      ...(telemetry === undefined ? [] : [telemetry.plugin as Plugin<Context>]),
    ],
  });
  const { portions } = options.services;
  const { access, callers, cors } = createGates(options, maskError);
  const endpoints = createEndpoints({ ...options, yoga, maskError, addressOf, budget, unread });
  const http = {
    ...endpoints,
    ...{ yoga, access, callers, cors },
    instruments: options.instruments,
    ...(telemetry && { trace: telemetry.request }),
    ...{ budget, large, logger, operations },
    graphiql: config.graphiql,
    dashboard,
  };
  const main = createHttpServer({ ...http, serves: 'EVERYTHING' });
  const forOtlp = config.otlpPort === null ? null : createHttpServer({ ...http, serves: 'OTLP' });
  const forMetrics = config.metricsPort === null ? null : createHttpServer({ ...http, serves: 'METRICS' });
  const servers = [main, forOtlp, forMetrics].filter((server) => server !== null);
  for (const server of servers) answerBrokenRequests(server, logger);
  const limits = {
    ...{ messageBytes: bodyBytes, addresses, budget, isIngest },
    ...(options.messageMs !== undefined && { messageMs: options.messageMs }),
  };
  const webSockets = attachWebSocketServer(main, {
    ...options,
    ...{ yoga, documents, maskError, access, callers, cors, limits, portions, unread },
  });
  const connections = trackConnections(servers);

  return {
    start: () => listenAll(config, { main, forOtlp, forMetrics }),
    stop: createStop({
      servers,
      webSockets,
      connections,
      subscriptions,
      queries,
      exports: endpoints.exports,
      ...(heap && { heap }),
    }),
    async fetch(request, caller) {
      if (caller !== undefined) return yoga.fetch(request, { caller });
      const known = await callers(() => credentialsOf((name) => request.headers.get(name)));
      return 'refusal' in known
        ? refusalResponse(known.refusal, { Response })
        : yoga.fetch(request, { caller: known.caller });
    },
    get open() {
      return {
        connections: connections.size,
        webSockets: webSockets.connections,
        subscriptions: subscriptions.count,
      };
    },
  };
}

interface Stopping {
  readonly servers: readonly ReturnType<typeof createHttpServer>[];
  readonly webSockets: ReturnType<typeof attachWebSocketServer>;
  readonly connections: ReadonlySet<Socket>;
  readonly subscriptions: Pick<ReturnType<typeof trackSubscriptions>, 'end'>;
  readonly queries: Pick<ReturnType<typeof limitOperations>, 'stop'>;
  readonly exports: Pick<Exports, 'stop'>;
  readonly heap?: Pick<Heap, 'close'>;
}

/** Stops all servers within the grace period. */
function createStop({
  servers,
  webSockets,
  connections,
  subscriptions,
  queries,
  exports,
  heap,
}: Stopping): Server['stop'] {
  return async (graceMs) => {
    const closed = Promise.all(
      servers.filter(({ listening }) => listening).map((http) => new Promise((done) => http.close(done))),
    );
    // Early enough to notify their clients.
    const stopQueries = setTimeout(() => queries.stop(), graceMs * SHARE_OF_GRACE);
    const cutOff = setTimeout(() => {
      webSockets.terminate();
      for (const socket of connections) socket.destroy();
    }, graceMs);
    const began = performance.now();
    // A connection that finishes a response now would otherwise wait for the next request of its
    // client. Node does not call a connection idle that was opened and never used; browsers keep
    // some.
    const sweep = setInterval(() => {
      for (const http of servers) http.closeIdleConnections();
      if (performance.now() - began < UNUSED_MS) return;
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, 10);
    subscriptions.end();
    exports.stop();
    await webSockets.close();
    await closed;
    // Node emits "close" for the server shortly before the last sockets do.
    await Promise.all(
      [...connections].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    clearInterval(sweep);
    clearTimeout(stopQueries);
    clearTimeout(cutOff);
    heap?.close();
  };
}

/** All open sockets, including upgraded ones, which Node's server does not close by itself. */
function trackConnections(servers: Stopping['servers']): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  for (const http of servers) {
    http.on('connection', (socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
    });
  }
  return connections;
}

/** What decides who may send requests, and from where. */
function createGates({ config, services }: ServerOptions, maskError: ReturnType<typeof createMaskError>) {
  const { access: keyed } = services;
  return {
    access: createLocalAccess({
      isLocalOnly: () => keyed.isOpen && isLoopback(config.host),
      origins: config.corsOrigins,
    }),
    callers: createCallers({
      access: keyed,
      maskError,
      trustedDocumentsOnly: config.trustedDocuments.only,
    }),
    cors: createCors(config.corsOrigins),
  };
}

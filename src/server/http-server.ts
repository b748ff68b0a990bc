import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import { NOBODY } from '../access/caller.ts';
import { credentialsOf } from '../access/credentials.ts';
import type { Endpoint, Instruments } from '../metrics/instruments.ts';
import { rankAccept } from './accept.ts';
import type { Callers } from './callers.ts';
import { clientOf } from './client.ts';
import type { Cors } from './cors.ts';
import type { Dashboard } from './dashboard.ts';
import type { DirectOperations } from './direct-operations.ts';
import type { Exchange } from './exchange.ts';
import type { Exports } from './exports/exports.ts';
import { EXPORT_PATH } from './exports/read-export-request.ts';
import type { ByteBudget, Reservation } from './limits/byte-budget.ts';
import type { Limiter } from './limits/limiter.ts';
import { createPipelines } from './limits/pipelines.ts';
import type { BodyReader } from './limits/read-body.ts';
import type { LocalAccess } from './local-access.ts';
import { logRequest } from './log-request.ts';
import { MCP_PATH, type McpEndpoint } from './mcp-endpoint.ts';
import { endpointOf, measureRequest } from './measure-request.ts';
import { METRICS_PATH, type MetricsEndpoint, notMetrics } from './metrics-endpoint.ts';
import { notOtlp, type Otlp, seeksOtlp, signalOf } from './otlp/otlp.ts';
import { HEALTH_PATHS } from './plugins/use-health-endpoints.ts';
import { nothingAt } from './plugins/use-not-found.ts';
import type { OperationLog } from './plugins/use-operation-log.ts';
import type { LargeRequests } from './plugins/use-size-of-requests.ts';
import { JSON_TYPE, type Refusal, refusalBody } from './refusal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';
import { GRAPHIQL_PATH, GRAPHQL_ENDPOINT, type Yoga } from './yoga.ts';

export interface HttpOptions {
  readonly yoga: Yoga;
  readonly direct: DirectOperations;
  readonly exports: Exports;
  readonly otlp: Otlp;
  readonly metrics: MetricsEndpoint;
  readonly instruments: Pick<Instruments, 'request'>;
  /** Answers a request within a span. Default: without one. */
  readonly trace?: (request: IncomingMessage, response: ServerResponse, answer: () => void) => void;
  /** A port may serve a single purpose. */
  readonly serves: 'EVERYTHING' | 'OTLP' | 'METRICS';
  readonly mcp: McpEndpoint;
  readonly access: LocalAccess;
  readonly callers: Callers;
  /** Whether browsers get GraphiQL. */
  readonly graphiql: boolean;
  readonly dashboard: Dashboard;
  readonly cors: Cors;
  readonly budget: ByteBudget;
  readonly bodies: BodyReader;
  readonly large: Pick<LargeRequests, 'note'>;
  /** Runs the operations of large bodies. */
  readonly largeOperations: Limiter;
  readonly logger: Logger;
  readonly operations: OperationLog;
}

/** Longer than proxies and clients usually keep an idle connection, so that they close it first. */
const KEEP_ALIVE_MS = 65_000;
/** The time limits for the headers of a request, and for a whole request with its body. */
const HEADERS_MS = 15_000;
const REQUEST_MS = 120_000;
/** How often Node checks for requests that take longer. */
const CHECK_EVERY_MS = 5_000;
const SERVER_OPTIONS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: CHECK_EVERY_MS,
  noDelay: true,
} as const;
/**
 * A body takes about five times its size when it is parsed and checked. So large ones take turns:
 * together they would be no faster.
 */
const LARGE_BODY_BYTES = 4 * 1024 * 1024;
/**
 * A stream is closed when its client reads nothing for this long, not even a ping. Pings are sent
 * every 12 s.
 */
const STALLED_STREAM_MS = 60_000;

/**
 * Without endpoints that are polled all the time, and without OTLP: if a collector forwards to this
 * server, each request with spans would cause another span, endlessly.
 */
const TRACED: ReadonlySet<Endpoint> = new Set(['graphql', 'mcp', 'export']);

/** Node's HTTP server around Yoga. It adds request ids, limits and log lines. */
export function createHttpServer(options: HttpOptions): Server {
  const logged = options.logger.isLevelEnabled('debug');
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    if (!server.listening) response.setHeader('connection', 'close');
    measureRequest(request, response, options.instruments);
    if (logged) logRequest({ request, response }, requestId, options);
    const answered = () => {
      answer(request, response, options).catch((error: unknown) => {
        // The client disconnected before it sent its whole request or received the response.
        options.logger.debug({ requestId, err: error }, 'A request was aborted');
        response.destroy();
      });
    };
    if (options.trace === undefined || !TRACED.has(endpointOf(request.url ?? ''))) answered();
    else options.trace(request, response, answered);
  };
  const server = createServer(SERVER_OPTIONS, createPipelines(begin));
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const { access, cors } = options;
  cors.allow(request, response);
  response.once('pipe', () => watchStream(request.socket, response));
  const path = request.url?.split('?', 1)[0] ?? '';
  const signal = signalOf(path);
  const refusal = access.check(request) ?? cors.check(request);
  const refuseIt = signal === undefined ? refuse : options.otlp.refuse;
  if (refusal !== null) return refuseIt(request, response, refusal);
  if (cors.isPreflight(request)) return cors.answerPreflight(response);
  if (options.serves === 'OTLP' && signal === undefined)
    return options.otlp.refuse(request, response, notOtlp(path));
  if (options.serves === 'METRICS') {
    const { answerAll } = options.metrics;
    const why =
      path === METRICS_PATH ? await answerAll({ request, response }) : notMetrics(path.slice(0, 200));
    return why === null ? undefined : refuse(request, response, why);
  }
  if (!hasBody(request) && answersDashboard(path, { request, response }, options)) return;
  if (isPublic(path, request, options)) return handOver({ request, response, caller: NOBODY }, options.yoga);
  const other = otherAt(path, options);
  if (path !== GRAPHQL_ENDPOINT && other === null && signal === undefined) {
    if (!hasBody(request) && options.dashboard.answerPage(request, response)) return;
    if (seeksOtlp(path, request)) return options.otlp.refuse(request, response, notOtlp(path));
    return refuse(request, response, nothingAt(path.slice(0, 200), GRAPHQL_ENDPOINT));
  }
  const known = await options.callers(() => credentialsOf((name) => request.headers[name]?.toString()));
  if ('refusal' in known) return refuseIt(request, response, known.refusal);
  const exchange: Exchange = { request, response, caller: known.caller };
  if (signal !== undefined) return options.otlp.answer(exchange, signal);
  if (other !== null) {
    const why = await other.answer(exchange);
    return why === null ? undefined : refuse(request, response, why);
  }
  if (request.method === 'GET' || request.method === 'HEAD') return handOver(exchange, options.yoga);
  // Holds the bytes of the body until the answer, because its events stay in memory as long.
  const reservation = options.budget.open();
  try {
    await answerPost(exchange, reservation, options);
  } finally {
    reservation.release();
  }
}

/** The endpoint beside GraphQL and OTLP at a path, for callers with keys. */
function otherAt(path: string, { mcp, metrics, exports }: HttpOptions): Pick<Exports, 'answer'> | null {
  if (path === MCP_PATH) return mcp;
  if (path === METRICS_PATH) return metrics;
  return path.startsWith(EXPORT_PATH) ? exports : null;
}

async function answerPost(exchange: Exchange, reservation: Reservation, options: HttpOptions): Promise<void> {
  const { request, response } = exchange;
  const outcome = await options.bodies.read(request, reservation);
  if ('refusal' in outcome) return refuse(request, response, outcome.refusal);
  options.large.note(request, outcome.body.length);
  const mediaType = options.direct.mediaTypeFor(request);
  if (mediaType !== null) {
    const run = () => options.direct.run(exchange, outcome.body, mediaType);
    return outcome.body.length > LARGE_BODY_BYTES ? options.largeOperations(run) : run();
  }
  // Yoga uses this property as the body that was already read.
  Object.assign(request, { body: outcome.body });
  const answered = () => handOver(exchange, options.yoga);
  return outcome.body.length > LARGE_BODY_BYTES ? untilStreamed(options, response, answered) : answered();
}

/**
 * Runs a large operation in its turn. The turn ends when the answer starts to stream, because
 * streaming may take days.
 */
async function untilStreamed(
  { largeOperations }: HttpOptions,
  response: ServerResponse,
  answered: () => Promise<void>,
): Promise<void> {
  const streamed = new Promise((resolve) => response.once('pipe', resolve));
  const done = await largeOperations(async () => {
    const whole = answered();
    await Promise.race([whole, streamed]);
    return { whole };
  });
  await done.whole;
}

/** Paths that serve pages of the dashboard to browsers, and something else to other clients. */
const PAGES: ReadonlySet<string> = new Set(['/', '/health']);

/**
 * Answers with files of the dashboard; to browsers also at paths that have another meaning for
 * other clients.
 */
function answersDashboard(
  path: string,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  { dashboard }: HttpOptions,
): boolean {
  return (
    dashboard.answerFile(request, response, path) ||
    (PAGES.has(path) && dashboard.answerPage(request, response))
  );
}

/** Further paths beside the endpoint. */
const PATHS: ReadonlySet<string> = new Set(['/', '/health', ...Object.values(HEALTH_PATHS)]);

/**
 * What everybody may see: health, the start page, and the page of GraphiQL, which contains no data.
 * These requests have no body, so nobody sends one without a key.
 */
function isPublic(path: string, request: IncomingMessage, { graphiql }: HttpOptions): boolean {
  const { method, headers } = request;
  if (PATHS.has(path)) return !hasBody(request);
  if (
    (path !== GRAPHQL_ENDPOINT && path !== GRAPHIQL_PATH) ||
    !graphiql ||
    method !== 'GET' ||
    headers.accept === undefined
  )
    return false;
  return rankAccept(headers.accept).includes('text/html');
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

async function handOver({ request, response, caller }: Exchange, yoga: Yoga): Promise<void> {
  const { headers } = request;
  if (headers.accept !== undefined) headers.accept = rankAccept(headers.accept);
  await yoga.handle(request, response, { caller, client: clientOf(response) });
}

/**
 * Destroys a streamed response (SSE, a long answer) that makes no progress. Its total time is
 * unlimited.
 */
function watchStream(socket: Socket, response: ServerResponse): void {
  const destroy = () => socket.destroy();
  socket.setTimeout(STALLED_STREAM_MS, destroy);
  // The connection may serve many more responses.
  response.once('close', () => socket.off('timeout', destroy));
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const body = refusalBody(refusal);
  response.writeHead(refusal.status, {
    // Otherwise the rest of the request would be read before the next one of the connection.
    ...(!request.complete && hasBody(request) && { connection: 'close' }),
    ...refusal.headers,
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * Starts listening. Resolves with the address.
 *
 * @throws NodeJS.ErrnoException such as EADDRINUSE.
 */
export function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

import { firstCharacters } from '../../../core/cut-text.ts';
import { type Span, STATUS_ERROR } from '../../protocol/telemetry.ts';
import { asStatus, asText, compileNames } from '../attributes.ts';
import type { Sender } from '../sender.ts';
import { durationOf } from './model-call.ts';

/** The current HTTP conventions, and those before version 1.23. */
const readRequestAttributes = compileNames({
  method: ['http.request.method', 'http.method'],
  route: ['http.route'],
  path: ['url.path', 'http.target'],
  statusCode: ['http.response.status_code', 'http.status_code'],
  ipAddress: ['client.address', 'http.client_ip'],
  userAgent: ['user_agent.original', 'http.user_agent'],
  sessionId: ['session.id'],
});

const INTERNAL_ERROR = 500;
const LONGEST_ENDPOINT = 500;

/** Whether a span of the kind SERVER answered a request over HTTP. */
export const isHttpRequest = ({ attributes }: Span): boolean =>
  attributes.has('http.request.method') || attributes.has('http.method');

/** Adds the request that a server span describes. */
export function addServerRequest(span: Span, sender: Sender): void {
  const found = readRequestAttributes(span.attributes);
  const failed = span.statusCode === STATUS_ERROR;
  const statusCode = asStatus(found.statusCode) ?? (failed ? INTERNAL_ERROR : undefined);
  if (statusCode === undefined) {
    sender.ignore('NO_STATUS', span.name);
    return;
  }
  sender.add('requestLogs', {
    ...sender.common,
    requestId: requestIdOf(span),
    timestamp: new Date(span.startMs),
    // Without a route, the path may contain ids, so it comes last, and without its query.
    endpoint: firstCharacters(
      asText(found.route) ?? asText(found.path)?.split('?', 1)[0] ?? span.name,
      LONGEST_ENDPOINT,
    ),
    method: asText(found.method),
    statusCode,
    // 0 if the clock was set back during the request, or the span has no end.
    latencyMs: durationOf(span) ?? 0,
    ipAddress: asText(found.ipAddress),
    userAgent: asText(found.userAgent),
    sessionId: asText(found.sessionId),
    agentId: sender.agentId,
    taskId: sender.taskId,
    release: sender.release,
  });
}

/**
 * The root request of a trace has the trace id. Services that it calls answer requests within the
 * same trace. These use their span ids; otherwise only one request of a trace would be kept.
 */
const requestIdOf = ({ traceId, spanId, parentSpanId }: Span): string =>
  parentSpanId === '' ? traceId : `${traceId}-${spanId}`;

import { defined } from '../../../core/defined.ts';
import { derivedId } from '../../../core/ids.ts';
import type { DemoEvents } from '../demo-events.ts';

type Event = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, unknown>>;

/** Span kinds of OTLP: a request that a service answered, and one that it made. */
const [SERVER, CLIENT] = [2, 3];
const FAILED = { code: 2 };
const NANOSECONDS = 1_000_000;

/** Whether OTLP can express these events: a request and its model calls, and nothing else. */
export function isTraceable(events: DemoEvents): boolean {
  const { requestLogs, llmCalls = [], ...others } = events;
  const isPlain = llmCalls.every(({ cached, attributes }) => cached !== true && attributes === undefined);
  return isPlain && requestLogs?.length === 1 && Object.values(others).every((some) => some.length === 0);
}

/**
 * The request and its model calls as a trace in OTLP/JSON, as sent by a service that is
 * instrumented with OpenTelemetry: the server's span around the spans of the calls.
 */
export function toTraces({ requestLogs = [], llmCalls = [] }: DemoEvents): object {
  const request = defined(requestLogs[0]);
  const traceId = hexOf(derivedId('demo', 'traces', String(request.requestId)));
  const root = {
    ...spanOf(request, requestAttributes(request)),
    ...{ traceId, kind: SERVER, spanId: traceId.slice(-16) },
  };
  const calls = llmCalls.map((call) => ({
    ...spanOf(call, callAttributes(call)),
    ...{ traceId, kind: CLIENT, spanId: hexOf(call.id).slice(-16), parentSpanId: root.spanId },
  }));
  const resource = {
    'service.name': request.service,
    'service.version': request.release,
    'deployment.environment.name': request.environment,
    'agent.id': request.agentId,
    'task.id': request.taskId,
    // Whatever belongs to no convention becomes a tag.
    ...(request.tags as Attributes | undefined),
  };
  const scope = { name: '@telltale/demo' };
  return {
    resourceSpans: [
      { resource: { attributes: toPairs(resource) }, scopeSpans: [{ scope, spans: [root, ...calls] }] },
    ],
  };
}

function spanOf(event: Event, attributes: Attributes & { readonly name: string }) {
  const start = Date.parse(String(event.timestamp));
  const { name, ...others } = attributes;
  const nanoseconds = (ms: number) => String(BigInt(Math.round(ms * 1000)) * BigInt(NANOSECONDS / 1000));
  return {
    name,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(start + Number(event.latencyMs ?? 0)),
    attributes: toPairs(others),
    ...(isFailure(event) && { status: { ...FAILED, message: event.errorMessage } }),
  };
}

const isFailure = ({ success, statusCode }: Event): boolean => success === false || Number(statusCode) >= 500;

const requestAttributes = (request: Event) => ({
  name: `${request.method} ${request.endpoint}`,
  'http.request.method': request.method,
  'http.route': request.endpoint,
  'http.response.status_code': request.statusCode,
  'client.address': request.ipAddress,
  'user_agent.original': request.userAgent,
  'session.id': request.sessionId,
});

const callAttributes = (call: Event) => ({
  name: `${call.operation} ${call.model}`,
  'gen_ai.operation.name': call.operation === 'embedding' ? 'embeddings' : 'chat',
  'gen_ai.provider.name': call.provider,
  'gen_ai.request.model': call.model,
  'gen_ai.usage.input_tokens': call.promptTokens,
  'gen_ai.usage.output_tokens': call.completionTokens,
  'gen_ai.usage.cache_read.input_tokens': call.cachedPromptTokens,
  'gen_ai.request.temperature': call.temperature,
  'gen_ai.request.max_tokens': call.maxTokens,
  'gen_ai.request.stream': call.streaming,
  'gen_ai.response.finish_reasons': call.finishReason,
  'gen_ai.response.time_to_first_chunk':
    call.timeToFirstTokenMs === undefined ? undefined : Number(call.timeToFirstTokenMs) / 1000,
  'gen_ai.conversation.id': call.sessionId,
  'user.id': call.endUser,
  'error.type': call.errorType,
  'http.response.status_code': call.statusCode,
});

/** A UUID without its hyphens is the id of a trace; its end is that of a span. */
const hexOf = (uuid: unknown): string => String(uuid).replaceAll('-', '');

const toPairs = (attributes: Attributes) =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: toValue(value) }));

function toValue(value: unknown): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: String(value) };
}

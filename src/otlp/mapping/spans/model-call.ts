import { isObject } from '../../../core/is-object.ts';
import type { AttributeValue, Span } from '../../protocol/telemetry.ts';
import { STATUS_ERROR } from '../../protocol/telemetry.ts';
import { asBoolean, asFailureStatus, asInteger, asNumber, asStatus, asText } from '../attributes.ts';
import type { MappedEvent } from '../mapped.ts';
import { providerName } from '../providers.ts';
import type { Sender } from '../sender.ts';
import { tokensOf } from '../tokens.ts';
import { type CallAttributes, readCallAttributes } from './call-attributes.ts';
import { failureOf } from './failure.ts';

/** Adds the model call that a span describes. @returns whether it is one */
export function addModelCall(span: Span, sender: Sender): boolean {
  const found = readCallAttributes(span.attributes);
  if (asText(found.model) === undefined) {
    sender.ignore('NO_MODEL', span.name);
    return false;
  }
  sender.add('llmCalls', toCall(span, found, sender));
  return true;
}

/** Written as one literal: putting it together from several objects would take ten times as long. */
function toCall(span: Span, found: CallAttributes, sender: Sender): MappedEvent {
  const { common, agentId, taskId, release, name: origin } = sender;
  const provider = asText(found.provider);
  const tokens = tokensOf({
    prompt: asInteger(found.promptTokens),
    completion: asInteger(found.completionTokens),
    cacheRead: asInteger(found.cacheRead),
    cacheWritten: asInteger(found.cacheWritten),
    reasoning: asInteger(found.reasoning),
  });
  const failure = span.statusCode === STATUS_ERROR ? failureOf(span) : null;
  return {
    service: common.service,
    environment: common.environment,
    tags: common.tags,
    id: sender.idAt('llmCalls', span.startMs, `${span.traceId} ${span.spanId}`),
    timestamp: new Date(span.startMs),
    requestId: span.traceId,
    provider: provider === undefined ? 'unknown' : providerName(provider),
    model: asText(found.model),
    operation: operationOf(found.operation),
    origin,
    endUser: asText(found.endUser),
    sessionId: asText(found.sessionId),
    agentId: agentId ?? asText(found.agentId),
    taskId,
    release,
    promptTokens: tokens.promptTokens,
    completionTokens: tokens.completionTokens,
    cachedPromptTokens: tokens.cachedPromptTokens,
    cacheWritePromptTokens: tokens.cacheWritePromptTokens,
    reasoningTokens: tokens.reasoningTokens,
    audioPromptTokens: asInteger(found.audioPrompt),
    audioCompletionTokens: asInteger(found.audioCompletion),
    cost: totalOf(found.costDetails) ?? asNumber(found.cost),
    latencyMs: durationOf(span),
    timeToFirstTokenMs: firstTokenOf(found),
    streaming: asBoolean(found.streaming) ?? isStream(found.operation),
    finishReason: firstReason(found.finishReason),
    temperature: asNumber(found.temperature),
    topP: asNumber(found.topP),
    maxTokens: asInteger(found.maxTokens),
    serviceTier: TIERS.get(asText(found.serviceTier)?.toLowerCase() ?? ''),
    promptVersion: asText(found.promptVersion),
    statusCode: failure === null ? asStatus(found.statusCode) : asFailureStatus(found.statusCode),
    success: failure === null ? undefined : false,
    errorType: asText(found.errorType) ?? failure?.errorType,
    errorMessage: failure?.errorMessage,
  };
}

const MICROSECONDS = 1_000;

/** How long a span took, in milliseconds to the microsecond; undefined if it has not ended. */
export function durationOf({ startMs, endMs }: Pick<Span, 'startMs' | 'endMs'>): number | undefined {
  return endMs < startMs ? undefined : Math.round((endMs - startMs) * MICROSECONDS) / MICROSECONDS;
}

/** The names of operations in words that are the same for all families. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['LLM', 'chat'],
  ['EMBEDDING', 'embedding'],
  ['embeddings', 'embedding'],
  ['text_completion', 'completion'],
  ['ai.embed.doEmbed', 'embedding'],
  ['ai.embedMany.doEmbed', 'embedding'],
]);

function operationOf(given: AttributeValue | undefined): string {
  const operation = asText(given) ?? 'chat';
  return OPERATIONS.get(operation) ?? (operation.startsWith('ai.') ? 'chat' : operation);
}

/** Langfuse writes the parts of the cost as JSON, and often their total. */
function totalOf(details: AttributeValue | undefined): number | undefined {
  if (typeof details !== 'string') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(details);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(parsed)) return undefined;
  const { total, ...parts } = parsed;
  if (total !== undefined) return asNumber(total);
  const costs = Object.values(parts).flatMap((part) => asNumber(part) ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}

const SECOND_MS = 1_000;
/** The tiers of providers that have prices of their own. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['batch', 'BATCH'],
  ['flex', 'FLEX'],
  ['priority', 'PRIORITY'],
  ['default', 'STANDARD'],
  ['standard', 'STANDARD'],
]);

function firstTokenOf({ secondsToFirstChunk, msToFirstChunk }: CallAttributes): number | undefined {
  const seconds = asNumber(secondsToFirstChunk);
  return seconds === undefined ? asNumber(msToFirstChunk) : seconds * SECOND_MS;
}

const isStream = (operation: AttributeValue | undefined): true | undefined =>
  asText(operation)?.endsWith('.doStream') || undefined;

/** A call may ask for several answers, each with a reason; nearly all have one. */
export function firstReason(reasons: AttributeValue | undefined): string | undefined {
  return asText(Array.isArray(reasons) ? reasons[0] : reasons);
}

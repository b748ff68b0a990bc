import type { AttributeValue, Span } from '../../protocol/telemetry.ts';
import { STATUS_ERROR } from '../../protocol/telemetry.ts';
import { asBoolean, asFailureStatus, asInteger, asNumber, asStatus, asText } from '../attributes.ts';
import type { MappedEvent } from '../mapped.ts';
import { providerName, providerOfModel } from '../providers.ts';
import type { Sender } from '../sender.ts';
import { tokensOf } from '../tokens.ts';
import { type CallAttributes, readCallAttributes } from './call-attributes.ts';
import { callTokensOf } from './call-tokens.ts';
import { failureOf } from './failure.ts';
import { type Details, detailsOf, firstOf } from './json-attributes.ts';
import { tagsOfSpan } from './span-tags.ts';

/** The model call that a span describes; null if it names no model. */
export function modelCallOf(span: Span, sender: Sender): MappedEvent | null {
  const found = readCallAttributes(span.attributes);
  return asText(found.model) === undefined ? null : toCall(span, found, sender);
}

/** A single literal: composing it of several objects would take ten times as long. */
function toCall(span: Span, found: CallAttributes, sender: Sender): MappedEvent {
  const { common, agentId, taskId, release, name: origin } = sender;
  const provider = asText(found.provider);
  const model = asText(found.model) ?? '';
  const given = callTokensOf(found);
  const tokens = tokensOf(given);
  const failure = failed(span, found) ? failureOf(span) : null;
  const parameters = found.parameters === undefined ? NO_PARAMETERS : detailsOf(found.parameters);
  const timeToFirstTokenMs = firstTokenOf(found, span.startMs);
  return {
    service: common.service,
    environment: common.environment ?? asText(found.environment),
    tags: tagsOfSpan(span.attributes, common.tags),
    id: sender.idAt('llmCalls', span.startMs, `${span.traceId} ${span.spanId}`),
    timestamp: new Date(span.startMs),
    requestId: span.traceId,
    provider: provider === undefined ? providerOfModel(model) : providerName(provider),
    model,
    operation: operationOf(found.operation),
    origin,
    endUser: asText(found.endUser),
    sessionId: asText(found.sessionId),
    agentId: agentId ?? asText(found.agentId),
    taskId,
    release: release ?? asText(found.release),
    promptTokens: tokens.promptTokens,
    completionTokens: tokens.completionTokens,
    cachedPromptTokens: tokens.cachedPromptTokens,
    cacheWritePromptTokens: tokens.cacheWritePromptTokens,
    reasoningTokens: tokens.reasoningTokens,
    audioPromptTokens: given.audioPrompt,
    audioCompletionTokens: given.audioCompletion,
    cost: totalOf(found.costDetails) ?? asNumber(found.cost),
    latencyMs: durationOf(span),
    timeToFirstTokenMs,
    streaming: isStreaming(found, parameters) ?? (timeToFirstTokenMs === undefined ? undefined : true),
    finishReason: firstReason(found.finishReason),
    temperature: asNumber(found.temperature) ?? asNumber(parameters['temperature']),
    topP: asNumber(found.topP) ?? asNumber(parameters['top_p']),
    maxTokens: asInteger(found.maxTokens) ?? asInteger(firstOf(parameters, MAX_TOKENS)),
    serviceTier: TIERS.get(asText(found.serviceTier)?.toLowerCase() ?? ''),
    promptVersion: asText(found.promptVersion),
    statusCode: failure === null ? asStatus(found.statusCode) : asFailureStatus(found.statusCode),
    success: failure === null ? undefined : false,
    errorType: asText(found.errorType) ?? failure?.errorType,
    errorMessage: failure === null ? undefined : (failure.errorMessage ?? asText(found.statusMessage)),
  };
}

const MICROSECONDS = 1_000;

/**
 * The duration of a span, in milliseconds with microsecond precision; undefined if it has not
 * ended.
 */
export function durationOf({ startMs, endMs }: Pick<Span, 'startMs' | 'endMs'>): number | undefined {
  return endMs < startMs ? undefined : Math.round((endMs - startMs) * MICROSECONDS) / MICROSECONDS;
}

/** Names of operations, normalized across all families. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['LLM', 'chat'],
  ['generation', 'chat'],
  ['EMBEDDING', 'embedding'],
  ['embeddings', 'embedding'],
  ['text_completion', 'completion'],
  ['ai.embed.doEmbed', 'embedding'],
  ['ai.embedMany.doEmbed', 'embedding'],
  ['ai.rerank.doRerank', 'rerank'],
]);

function operationOf(given: AttributeValue | undefined): string {
  const operation = asText(given) ?? 'chat';
  return OPERATIONS.get(operation) ?? (operation.startsWith('ai.') ? 'chat' : operation);
}

/** Langfuse writes the parts of the cost as JSON, and often their total. */
function totalOf(details: AttributeValue | undefined): number | undefined {
  if (details === undefined) return undefined;
  const { total, ...parts } = detailsOf(details);
  if (total !== undefined) return asNumber(total);
  const costs = Object.values(parts).flatMap((part) => asNumber(part) ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}

const NO_PARAMETERS: Details = {};
const MAX_TOKENS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxTokens'];

/**
 * Whether a call failed. LangSmith sets no status, and Langfuse uses its own level. The Vercel AI
 * SDK 5 and 6 say only in the finish reason that a stream broke off. A call with an exception and
 * no tokens had no answer.
 */
function failed({ statusCode, events }: Span, found: CallAttributes): boolean {
  if (statusCode === STATUS_ERROR || found.level === 'ERROR') return true;
  if (firstReason(found.finishReason) === 'error') return true;
  const hasTokens = (found.promptTokens ?? found.completionTokens ?? found.usageDetails) !== undefined;
  return events.length > 0 && !hasTokens;
}

const SECOND_MS = 1_000;
/** The service tiers of providers that have their own prices. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['batch', 'BATCH'],
  ['flex', 'FLEX'],
  ['priority', 'PRIORITY'],
  ['default', 'STANDARD'],
  ['standard', 'STANDARD'],
]);

function firstTokenOf(found: CallAttributes, startMs: number): number | undefined {
  const seconds = asNumber(found.secondsToFirstChunk);
  if (seconds !== undefined) return seconds * SECOND_MS;
  const { firstChunkAt } = found;
  if (typeof firstChunkAt !== 'string') return asNumber(found.msToFirstChunk);
  // Langfuse writes the time as JSON.
  const waited = Date.parse(firstChunkAt.replaceAll('"', '')) - startMs;
  return waited >= 0 ? waited : undefined;
}

/** Undefined if the span does not say it. Only streams have a time to their first token. */
const isStreaming = ({ streaming, operation }: CallAttributes, parameters: Details): boolean | undefined =>
  asBoolean(streaming) ??
  (asText(operation)?.endsWith('.doStream') || undefined) ??
  asBoolean(parameters['stream']);

/** A call may ask for several answers, each with a reason. Nearly all have one. */
export function firstReason(reasons: AttributeValue | undefined): string | undefined {
  return asText(Array.isArray(reasons) ? reasons[0] : reasons);
}

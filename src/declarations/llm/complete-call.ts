import type { EventDraft } from '../../core/dataset/event-columns.ts';
import type { PricedCall } from '../../prices/price-book.ts';
import type { CompletionServices } from '../completion.ts';
import type { LlmCallColumns } from './llm-call-columns.ts';

/** HTTP statuses from 400 on are failures. */
export const FIRST_FAILURE_STATUS = 400;

/**
 * Computes what the client omitted: success, total tokens, cost, the source of the cost or why
 * there is none, and the savings from caches, with their source.
 */
export function completeLlmCall(call: EventDraft<LlmCallColumns>, services: CompletionServices): void {
  const { provider, model, promptTokens, completionTokens, cached, timestamp } = call;
  call.totalTokens ??= promptTokens + completionTokens;
  const refused = (call.statusCode ?? 0) >= FIRST_FAILURE_STATUS;
  call.success ??= call.errorType === null && !refused;
  const priced: PricedCall = {
    projectId: call.projectId,
    provider,
    model,
    serviceTier: call.serviceTier,
    promptTokens,
    cachedPromptTokens: call.cachedPromptTokens ?? 0,
    cacheWritePromptTokens: call.cacheWritePromptTokens ?? 0,
    audioPromptTokens: call.audioPromptTokens ?? 0,
    imagePromptTokens: call.imagePromptTokens ?? 0,
    completionTokens,
    reasoningTokens: call.reasoningTokens ?? 0,
    audioCompletionTokens: call.audioCompletionTokens ?? 0,
    totalTokens: call.totalTokens,
    timestamp,
  };
  call.savedCostSource = call.savedCost === null ? 'COMPUTED' : 'REPORTED';
  call.savedCost ??= refused ? 0 : savedCost(priced, cached, services);
  if (call.cost !== null) {
    call.costSource = 'REPORTED';
    return;
  }
  // Providers do not charge for calls that a cache answered or that they rejected.
  const cost = cached || refused ? 0 : services.priceCall(priced);
  call.cost = typeof cost === 'number' ? cost : null;
  call.costSource = call.cost === null ? 'UNKNOWN' : 'COMPUTED';
  call.costProblem = typeof cost === 'number' ? null : cost;
}

/**
 * The cost of the call without any cache minus its cost with it, both from the price book; null if
 * either is unknown.
 */
function savedCost(call: PricedCall, cached: boolean, { priceCall }: CompletionServices): number | null {
  if (!cached && call.cachedPromptTokens === 0) return 0;
  const full = priceCall({ ...call, cachedPromptTokens: 0, cacheWritePromptTokens: 0 });
  const charged = cached ? 0 : priceCall(call);
  if (typeof full === 'string' || typeof charged === 'string') return null;
  // Writing to the cache may cost more than reading from it saves. Then nothing is saved.
  return Math.max(0, full - charged);
}

import type { EventDraft } from '../../core/dataset/event-columns.ts';
import type { Contradiction } from '../../core/dataset/row.ts';
import type { Values } from '../../core/dataset/values.ts';
import type { PricedCall } from '../../prices/price-book.ts';
import type { CompletionServices } from '../completion.ts';
import type { LlmCallColumns } from './llm-call-columns.ts';

/** HTTP statuses from 400 on are failures. */
const FIRST_FAILURE_STATUS = 400;

/**
 * Computes what the client omitted: success, total tokens, cost, the source of the cost or why there is
 * none, and what caches saved.
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
    serviceTier: null,
    promptTokens,
    cachedPromptTokens: call.cachedPromptTokens ?? 0,
    cacheWritePromptTokens: 0,
    audioPromptTokens: 0,
    imagePromptTokens: 0,
    completionTokens,
    reasoningTokens: 0,
    audioCompletionTokens: 0,
    totalTokens: call.totalTokens,
    timestamp,
  };
  call.savedCost ??= refused ? 0 : savedCost(priced, cached, services);
  if (call.cost !== null) {
    call.costSource = 'REPORTED';
    return;
  }
  // Providers do not charge for calls that a cache answered or that they refused.
  const cost = cached || refused ? 0 : services.priceCall(priced);
  call.cost = typeof cost === 'number' ? cost : null;
  call.costSource = call.cost === null ? 'UNKNOWN' : 'COMPUTED';
  call.costProblem = typeof cost === 'number' ? null : cost;
}

/**
 * The cost of the call without any cache, minus its cost with it, both by the price book; null if
 * either is unknown.
 */
function savedCost(call: PricedCall, cached: boolean, { priceCall }: CompletionServices): number | null {
  if (!cached && call.cachedPromptTokens === 0) return 0;
  const full = priceCall({ ...call, cachedPromptTokens: 0, cacheWritePromptTokens: 0 });
  const charged = cached ? 0 : priceCall(call);
  if (typeof full === 'string' || typeof charged === 'string') return null;
  // Writing into the cache may cost more than reading from it saves: then nothing is saved.
  return Math.max(0, full - charged);
}

/** Finds parts that exceed their total, and a success that contradicts the status code. */
export function findLlmCallContradiction(
  call: Values<LlmCallColumns>,
): Contradiction<keyof LlmCallColumns> | null {
  const { promptTokens, completionTokens, totalTokens: total, statusCode: status, success } = call;
  const parts = promptTokens + completionTokens;
  if (total < parts) {
    const message =
      `totalTokens must be at least promptTokens + completionTokens, which is ${parts}, not ` +
      `${total}; omit it to have it computed.`;
    return { field: 'totalTokens', message };
  }
  // Tokens of the total that are in neither part may belong to the prompt.
  const prompt = promptTokens + total - parts;
  const cachedPrompt = call.cachedPromptTokens ?? 0;
  if (cachedPrompt > prompt) {
    const message = `cachedPromptTokens are a part of promptTokens and must be at most ${prompt}, not ${cachedPrompt}; promptTokens includes them.`;
    return { field: 'cachedPromptTokens', message };
  }
  if (success && status !== null && status >= FIRST_FAILURE_STATUS) {
    return {
      field: 'success',
      message: `success must be false, or left out, when statusCode is ${status}: 400 and more are failures.`,
    };
  }
  return null;
}

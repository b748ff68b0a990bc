import type { EventDraft } from '../../core/dataset/event-columns.ts';
import type { Contradiction } from '../../core/dataset/row.ts';
import type { Values } from '../../core/dataset/values.ts';
import type { PricedCall } from '../../prices/price-book.ts';
import type { CompletionServices } from '../completion.ts';
import type { LlmCallColumns } from './llm-call-columns.ts';

/** Statuses from 400 on are failures, as everywhere in HTTP. */
const FIRST_FAILURE_STATUS = 400;

/**
 * Computes what the client left out of a call: success, total tokens, cost, where the cost comes
 * from, and what caches saved of it.
 */
export function completeLlmCall(call: EventDraft<LlmCallColumns>, services: CompletionServices): void {
  const { provider, model, promptTokens, completionTokens, cached, timestamp } = call;
  call.totalTokens ??= promptTokens + completionTokens;
  const refused = (call.statusCode ?? 0) >= FIRST_FAILURE_STATUS;
  call.success ??= call.errorType === null && !refused;
  const priced: PricedCall = {
    provider,
    model,
    promptTokens,
    completionTokens,
    cachedPromptTokens: call.cachedPromptTokens ?? 0,
    totalTokens: call.totalTokens,
    timestamp,
  };
  call.savedCost ??= refused ? 0 : savedCost(priced, cached, services);
  if (call.cost !== null) {
    call.costSource = 'REPORTED';
    return;
  }
  // Providers charge neither what a cache answered nor what they refused.
  call.cost = cached || refused ? 0 : services.priceCall(priced);
  call.costSource = call.cost === null ? 'UNKNOWN' : 'COMPUTED';
}

/**
 * What the call would have cost without any cache, less what it costs by the price book; null when
 * that is not known.
 */
function savedCost(call: PricedCall, cached: boolean, { priceCall }: CompletionServices): number | null {
  if (!cached && call.cachedPromptTokens === 0) return 0;
  const full = priceCall({ ...call, cachedPromptTokens: 0 });
  const charged = cached ? 0 : priceCall(call);
  if (full === null || charged === null) return null;
  // A price list may charge more for what is read from the cache: nothing is saved then.
  return Math.max(0, full - charged);
}

/** Parts that exceed their whole, or a success that its status denies. */
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
  // What the total counts beyond its parts may belong to the prompt.
  const prompt = promptTokens + total - parts;
  const cachedPrompt = call.cachedPromptTokens ?? 0;
  if (cachedPrompt > prompt) {
    const message = `cachedPromptTokens are a part of promptTokens and must be at most ${prompt}, not ${cachedPrompt}; promptTokens count them, too.`;
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

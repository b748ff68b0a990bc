import type { Complete, FindContradiction } from '../../core/dataset/row.ts';
import type { PricedCall } from '../../prices/price-book.ts';
import type { CompletionServices } from '../completion.ts';

/** Statuses from 400 on are failures, as everywhere in HTTP. */
const FIRST_FAILURE_STATUS = 400;

/** Computes what the client left out of a call: success, total tokens, cost, where the cost comes from, and what caches saved of it. */
export const completeLlmCall: Complete<CompletionServices> = (row, at, services) => {
  const promptTokens = row[at.promptTokens!] as number;
  const completionTokens = row[at.completionTokens!] as number;
  row[at.totalTokens!] ??= promptTokens + completionTokens;
  const refused = ((row[at.statusCode!] as number | null) ?? 0) >= FIRST_FAILURE_STATUS;
  row[at.success!] ??= row[at.errorType!] === null && !refused;
  const call: PricedCall = {
    provider: row[at.provider!] as string,
    model: row[at.model!] as string,
    promptTokens,
    completionTokens,
    cachedPromptTokens: (row[at.cachedPromptTokens!] as number | null) ?? 0,
    totalTokens: row[at.totalTokens!] as number,
    timestamp: row[at.timestamp!] as number,
  };
  const cached = row[at.cached!] === true;
  row[at.savedCost!] ??= refused ? 0 : savedCost(call, cached, services);
  if (row[at.cost!] !== null) {
    row[at.costSource!] = 'REPORTED';
    return;
  }
  // Providers charge neither what a cache answered nor what they refused.
  row[at.cost!] = cached || refused ? 0 : services.priceCall(call);
  row[at.costSource!] = row[at.cost!] === null ? 'UNKNOWN' : 'COMPUTED';
};

/** What the call would have cost without any cache, less what it costs by the price book; null when that is not known. */
function savedCost(call: PricedCall, cached: boolean, { priceCall }: CompletionServices): number | null {
  if (!cached && call.cachedPromptTokens === 0) return 0;
  const full = priceCall({ ...call, cachedPromptTokens: 0 });
  const charged = cached ? 0 : priceCall(call);
  if (full === null || charged === null) return null;
  // A price list may charge more for what is read from the cache: nothing is saved then.
  return Math.max(0, full - charged);
}

/** TypeRegistry that exceed their whole, or a success that its status denies. */
export const findLlmCallContradiction: FindContradiction = (row, at) => {
  const promptTokens = row[at.promptTokens!] as number;
  const types = promptTokens + (row[at.completionTokens!] as number);
  const total = row[at.totalTokens!] as number;
  if (total < types) {
    const message = `totalTokens must be at least promptTokens + completionTokens, which is ${types}, not ${total}; leave it out to have it computed.`;
    return { field: 'totalTokens', message };
  }
  // What the total counts beyond its parts may belong to the prompt.
  const prompt = promptTokens + total - types;
  const cachedPrompt = (row[at.cachedPromptTokens!] as number | null) ?? 0;
  if (cachedPrompt > prompt) {
    const message = `cachedPromptTokens are a part of promptTokens and must be at most ${prompt}, not ${cachedPrompt}; promptTokens count them, too.`;
    return { field: 'cachedPromptTokens', message };
  }
  const status = row[at.statusCode!] as number | null;
  if (row[at.success!] === true && status !== null && status >= FIRST_FAILURE_STATUS) {
    return {
      field: 'success',
      message: `success must be false, or left out, when statusCode is ${status}: 400 and more are failures.`,
    };
  }
  return null;
};

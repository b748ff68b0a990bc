import type { Complete, FindContradiction } from '../../../core/dataset/dataset.ts';

/** Statuses from 400 on are failures, as everywhere in HTTP. */
const FIRST_FAILURE_STATUS = 400;

/** Computes what the client left out of a call: success, total tokens, cost, and where the cost comes from. */
export const completeLlmCall: Complete = (row, at, services) => {
  const promptTokens = row[at.promptTokens!] as number;
  const completionTokens = row[at.completionTokens!] as number;
  row[at.totalTokens!] ??= promptTokens + completionTokens;
  const refused = ((row[at.statusCode!] as number | null) ?? 0) >= FIRST_FAILURE_STATUS;
  row[at.success!] ??= row[at.errorType!] === null && !refused;
  if (row[at.cost!] !== null) {
    row[at.costSource!] = 'REPORTED';
    return;
  }
  // Providers charge neither what a cache answered nor what they refused.
  const isFree = row[at.cached!] === true || refused;
  row[at.cost!] = isFree
    ? 0
    : services.priceCall({
        provider: row[at.provider!] as string,
        model: row[at.model!] as string,
        promptTokens,
        completionTokens,
        cachedPromptTokens: (row[at.cachedPromptTokens!] as number | null) ?? 0,
        totalTokens: row[at.totalTokens!] as number,
        timestamp: row[at.timestamp!] as number,
      });
  row[at.costSource!] = row[at.cost!] === null ? 'UNKNOWN' : 'COMPUTED';
};

/** A total that its parts exceed, or a success that its status denies. */
export const findLlmCallContradiction: FindContradiction = (row, at) => {
  const parts = (row[at.promptTokens!] as number) + (row[at.completionTokens!] as number);
  const total = row[at.totalTokens!] as number;
  if (total < parts) {
    const message = `totalTokens must be at least promptTokens + completionTokens, which is ${parts}, not ${total}; leave it out to have it computed.`;
    return { field: 'totalTokens', message };
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

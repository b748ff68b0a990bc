import type { Complete } from '../../../core/dataset/dataset.ts';

/** Statuses from 400 on are failures, as everywhere in HTTP. */
const FIRST_FAILURE_STATUS = 400;

/** Computes what the client left out of a call: success, total tokens, cost, and where the cost comes from. */
export const completeLlmCall: Complete = (row, at, services) => {
  const promptTokens = row[at.promptTokens!] as number;
  const completionTokens = row[at.completionTokens!] as number;
  row[at.totalTokens!] ??= promptTokens + completionTokens;
  row[at.success!] ??=
    row[at.errorType!] === null && ((row[at.statusCode!] as number | null) ?? 0) < FIRST_FAILURE_STATUS;
  if (row[at.cost!] !== null) {
    row[at.costSource!] = 'REPORTED';
    return;
  }
  row[at.cost!] = services.priceCall({
    provider: row[at.provider!] as string,
    model: row[at.model!] as string,
    promptTokens,
    completionTokens,
    cachedPromptTokens: (row[at.cachedPromptTokens!] as number | null) ?? 0,
    timestamp: row[at.timestamp!] as number,
  });
  row[at.costSource!] = row[at.cost!] === null ? 'UNKNOWN' : 'COMPUTED';
};

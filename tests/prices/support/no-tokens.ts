import type { TokenCounts } from '../../../src/prices/tariff.ts';

/** A call of which nothing is known. */
export const NO_TOKENS: TokenCounts = {
  promptTokens: 0,
  cachedPromptTokens: 0,
  cacheWritePromptTokens: 0,
  audioPromptTokens: 0,
  imagePromptTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  audioCompletionTokens: 0,
  totalTokens: 0,
};

import type { ServiceTier, TokenCounts } from '../../../src/prices/tariff.ts';

/** A call about which nothing is known. */
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

export const NOON = Date.parse('2026-06-15T12:00:00Z');

/** A call of a model. */
export function call(
  provider: string,
  model: string,
  counts: [prompt: number, completion: number, cached?: number, total?: number],
  at = NOON,
) {
  const [promptTokens, completionTokens, cachedPromptTokens = 0, totalTokens] = counts;
  const tokens = { ...NO_TOKENS, promptTokens, completionTokens, cachedPromptTokens };
  return {
    projectId: 'default',
    provider,
    model,
    serviceTier: null as ServiceTier | null,
    ...tokens,
    totalTokens: totalTokens ?? promptTokens + completionTokens,
    timestamp: at,
  };
}

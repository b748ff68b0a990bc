import { eachRate } from './rates.ts';
import type { PricePart, Rates, ServiceTier, Tariff } from './tariff.ts';

/** How the prices of a service tier follow from the standard ones. */
interface TierRule {
  /** Tokens cost this share of the standard price. */
  readonly share: number;
  /** Parts whose cost in this tier the provider does not state. */
  readonly unknownParts?: readonly PricePart[];
}

const HALF: TierRule = { share: 1 / 2 };
/** Google states that the cache discount takes precedence, but not for which of its models. */
const HALF_BUT_CACHE: TierRule = { share: 1 / 2, unknownParts: ['cachedInput', 'cacheWrite'] };

/**
 * The price list has standard prices only. These rules hold for all models of a provider that offer
 * the tier. None contains PRIORITY: there, each model has its own price, or a contract.
 *
 * - OpenAI: "saves 50% on inputs and outputs" (openai.com/api/pricing, Batch API); flex processing
 *   is priced at the rates of the Batch API (platform.openai.com/docs/guides/flex-processing).
 * - Anthropic: "50% of the standard API prices" for all usage, which stacks with the prices of the
 *   cache (docs.anthropic.com/en/docs/build-with-claude/batch-processing).
 * - Google: batch and flex at 50% of the standard price
 *   (ai.google.dev/gemini-api/docs/optimization).
 */
const RULES: Readonly<Record<string, Partial<Record<ServiceTier, TierRule>>>> = {
  openai: { BATCH: HALF, FLEX: HALF },
  anthropic: { BATCH: HALF },
  google: { BATCH: HALF_BUT_CACHE, FLEX: HALF_BUT_CACHE },
};

/**
 * The tariffs of a provider in a service tier, derived from its standard ones; null if they are
 * unknown.
 */
export function inServiceTier(
  standard: readonly Tariff[],
  provider: string,
  tier: ServiceTier,
): readonly Tariff[] | null {
  if (tier === 'STANDARD') return standard;
  const rule = RULES[provider]?.[tier];
  if (rule === undefined) return null;
  const { share, unknownParts = [] } = rule;
  const shared = (rates: Rates): Rates =>
    eachRate((part) => {
      const rate = rates[part];
      return rate === null ? null : Math.round(rate * share);
    });
  return standard.map((tariff) => ({
    ...tariff,
    rates: shared(tariff.rates),
    contextTiers: tariff.contextTiers.map(({ above, rates }) => ({ above, rates: shared(rates) })),
    unknownParts,
  }));
}

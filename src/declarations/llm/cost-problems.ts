import type { PriceProblem } from '../../prices/tariff.ts';

/** Why the cost of a call is unknown. */
export const COST_PROBLEMS: Readonly<Record<PriceProblem, string>> = {
  NO_PRICE: 'There is no price for this provider and model at the time of the call. Set one with `setPrice`.',
  NO_TIER_PRICE: 'The model has a price, but not in the service tier of the call. Set one with `setPrice`.',
  NO_PART_PRICE: 'The price lacks a part that the call needs, such as the price of answers.',
  NO_TOKENS:
    'No token counts are known, or only their total although prompts and answers have different prices.',
  UNCLEAR_TOKENS:
    'The token counts do not determine the cost: parts exceed their whole; or the cache and audio ' +
    'or images both have their own prices and their overlap is unknown; or the model answers with ' +
    'images, which cost more than text.',
};

import type { PriceProblem } from '../../prices/tariff.ts';

/** Why the cost of a call is unknown. */
export const COST_PROBLEMS: Readonly<Record<PriceProblem, string>> = {
  NO_PRICE: 'There is no price of this provider and model at the time of the call. `setPrice` sets one.',
  NO_TIER_PRICE: 'The model has a price, but none in the service tier of the call. `setPrice` sets one.',
  NO_PART_PRICE: 'The price lacks a part that the call needs, such as that of answers.',
  NO_TOKENS: 'No tokens are known, or only their total while prompts and answers have different prices.',
  UNCLEAR_TOKENS:
    'The numbers of tokens leave open what the call costs: parts exceed their whole, or both the cache and ' +
    'audio or images have prices of their own and nothing says how they overlap, or the model answers with ' +
    'images, which cost more than text.',
};

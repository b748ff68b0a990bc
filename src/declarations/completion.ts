import type { PriceBook } from '../prices/price-book.ts';

/** What the `complete` of a declaration may ask for: effects stay outside the declarations. */
export interface CompletionServices {
  readonly priceCall: PriceBook['priceCall'];
}

import type { PriceBook } from '../prices/price-book.ts';

/** What the `complete` of a declaration may use. Side effects stay outside of the declarations. */
export interface CompletionServices {
  readonly priceCall: PriceBook['priceCall'];
}

import type { PriceBook } from '../prices/price-book.ts';

/** What the `complete` of a declaration may use: side effects stay outside the declarations. */
export interface CompletionServices {
  readonly priceCall: PriceBook['priceCall'];
}

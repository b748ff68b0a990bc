import { NANO_USD_PER_USD } from '../core/dataset/column.ts';
import { byName } from '../core/named.ts';
import { PRICE_PARTS, type PricePart, type Rates, type Tariff } from './tariff.ts';

/** The rate of a price in USD per million tokens. */
export const toRate = (usdPerMillion: number): number => Math.round(usdPerMillion * NANO_USD_PER_USD);

/** The price in USD per million tokens of a rate. */
export const toUsdPerMillion = (rate: number): number => rate / NANO_USD_PER_USD;

/** Makes the rate of each part. */
export function eachRate(make: (part: PricePart) => number | null): Rates {
  return byName(PRICE_PARTS, make);
}

/** Context tiers in ascending order. */
export const inOrder = (tiers: Tariff['contextTiers']): Tariff['contextTiers'] =>
  [...tiers].sort((one, other) => one.above - other.above);

import { type ConditionalPrice, calcPrice, type ModelPrice } from '@pydantic/genai-prices';
import type { Tariff, TokenPrice, Validity } from './tariff.ts';

/**
 * The tariffs of a model in the bundled price list of @pydantic/genai-prices, oldest first. Null if
 * the library does not know the provider or model. The library matches the names (aliases, dated
 * versions, any case).
 */
export function findTariffs(provider: string, model: string): readonly Tariff[] | null {
  // The usage is irrelevant. Only the resolved model is needed, with its prices and conditions.
  const found = calcPrice({}, model, { providerId: provider });
  if (found === null) return null;
  const prices = found.model.prices;
  if (!Array.isArray(prices)) return [toTariff(prices, { kind: 'always' })];
  return prices.map((conditional) => toTariff(conditional.prices, toValidity(conditional.constraint)));
}

/**
 * Converts the units that calls record: text tokens, and the call itself. Audio, images and tools
 * are not recorded.
 */
function toTariff(prices: ModelPrice, validity: Validity): Tariff {
  const perThousandCalls = prices.requests_kcount;
  return {
    input: toTokenPrice(prices.input_mtok),
    output: toTokenPrice(prices.output_mtok),
    cachedInput: toTokenPrice(prices.cache_read_mtok),
    perCall: typeof perThousandCalls === 'number' ? perThousandCalls / 1000 : 0,
    validity,
  };
}

function toTokenPrice(price: ModelPrice[string]): TokenPrice | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return { base: price, tiers: [] };
  const tiers = price.tiers.map(({ start, price }) => ({ above: start, price }));
  return { base: price.base, tiers: tiers.sort((one, other) => one.above - other.above) };
}

function toValidity(constraint: ConditionalPrice['constraint']): Validity {
  if (constraint === undefined) return { kind: 'always' };
  if (constraint.type === 'start_date') return { kind: 'since', start: Date.parse(constraint.start_date) };
  return { kind: 'daily', startMs: timeOfDay(constraint.start_time), endMs: timeOfDay(constraint.end_time) };
}

/** Milliseconds since midnight UTC of a time such as "16:30:00Z" or "00:30:00+08:00". */
function timeOfDay(time: string): number {
  const instant = Date.parse(`1970-01-02T${time}`);
  if (Number.isNaN(instant)) throw new Error(`The price list has an unreadable time of day: ${time}`);
  return instant % 86_400_000;
}

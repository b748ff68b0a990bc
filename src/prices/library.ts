import { type ConditionalPrice, calcPrice, type ModelPrice } from '@pydantic/genai-prices';
import { eachRate, inOrder, toRate } from './rates.ts';
import { inServiceTier } from './service-tiers.ts';
import {
  ALWAYS,
  type PricePart,
  type Rates,
  type ServiceTier,
  type Tariff,
  type Validity,
} from './tariff.ts';

/** The entry of a model in the price list, for a service tier. */
export interface LibraryEntry {
  /** The names in the price list. */
  readonly provider: string;
  readonly model: string;
  /** In the order in which they begin. Null if the model is known but this service tier is not. */
  readonly tariffs: readonly Tariff[] | null;
}

/**
 * The tariffs of a model in the bundled price list of @pydantic/genai-prices. Null if the library
 * does not know the provider or model. The library matches the names (aliases, dated versions, any
 * case).
 */
export function findTariffs(provider: string, model: string, tier: ServiceTier): LibraryEntry | null {
  // The usage is irrelevant. Only the resolved model is needed, with its prices and conditions.
  const found = calcPrice({}, model, { providerId: provider });
  if (found === null) return null;
  const listed = found.model.prices;
  const standard = Array.isArray(listed)
    ? listed.map((conditional, index) => toTariff(conditional.prices, validityOf(listed, index)))
    : [toTariff(listed, ALWAYS)];
  return {
    provider: found.provider.id,
    model: found.model.id,
    tariffs: inServiceTier(standard, found.provider.id, tier),
  };
}

/** The library's units that calls record. Hours, pages and searches are not recorded. */
const KEYS: Readonly<Record<PricePart, string>> = {
  input: 'input_mtok',
  cachedInput: 'cache_read_mtok',
  // The library's price for five-minute writes, which are the default of providers.
  cacheWrite: 'cache_write_mtok',
  audioInput: 'input_audio_mtok',
  imageInput: 'input_image_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  audioOutput: 'output_audio_mtok',
};

function toTariff(prices: ModelPrice, validity: Validity): Tariff {
  const perThousandCalls = prices['requests_kcount'];
  const thresholds = new Set(
    Object.values(KEYS).flatMap((key) => tiersOf(prices[key]).map(({ start }) => start)),
  );
  return {
    rates: ratesAt(prices, 0),
    contextTiers: inOrder([...thresholds].map((above) => ({ above, rates: ratesAt(prices, above + 1) }))),
    perCall: typeof perThousandCalls === 'number' ? Math.round(perThousandCalls * 1e6) : 0,
    validity,
    hasUnrecordedOutput: prices['output_image_mtok'] !== undefined,
  };
}

/** The rates for a prompt of this many tokens. */
function ratesAt(prices: ModelPrice, promptTokens: number): Rates {
  return eachRate((part) => {
    const price = prices[KEYS[part]];
    if (price === undefined) return null;
    const tiers = tiersOf(price).filter(({ start }) => promptTokens > start);
    const [highest] = tiers.sort((one, other) => other.start - one.start);
    return toRate(highest?.price ?? (typeof price === 'number' ? price : price.base));
  });
}

const tiersOf = (price: ModelPrice[string]) => (typeof price === 'object' ? [...price.tiers] : []);

/**
 * The first price of a list applies if no other does. A price with a date ends where the next one
 * begins.
 */
function validityOf(listed: readonly ConditionalPrice[], index: number): Validity {
  const constraint = listed[index]?.constraint;
  if (index > 0 && constraint?.type === 'time_of_date') {
    return {
      kind: 'daily',
      startMs: timeOfDay(constraint.start_time),
      endMs: timeOfDay(constraint.end_time),
    };
  }
  const next = listed[index + 1]?.constraint;
  return {
    kind: 'period',
    from: index > 0 && constraint?.type === 'start_date' ? Date.parse(constraint.start_date) : null,
    to: next?.type === 'start_date' ? Date.parse(next.start_date) : null,
  };
}

/** Milliseconds since midnight UTC of a time such as "16:30:00Z" or "00:30:00+08:00". */
function timeOfDay(time: string): number {
  const instant = Date.parse(`1970-01-02T${time}`);
  if (Number.isNaN(instant)) throw new Error(`The price list has an unreadable time of day: ${time}`);
  return instant % 86_400_000;
}

import { DAY_MS } from '../core/time/units.ts';
/**
 * A price per token that may depend on the size of the prompt: the whole count costs the price of
 * the last tier passed.
 */
export interface TokenPrice {
  /** USD per million tokens. */
  readonly base: number;
  /**
   * Ascending by `above`: from more than that many prompt tokens on, `price` (USD per million
   * tokens) holds.
   */
  readonly tiers: readonly { readonly above: number; readonly price: number }[];
}

/** What one model charges at one time. Null: the price list does not say. */
export interface Tariff {
  readonly input: TokenPrice | null;
  readonly output: TokenPrice | null;
  /**
   * Prompt tokens that were read from the provider's cache; null: they cost as much as any other.
   */
  readonly cachedInput: TokenPrice | null;
  /** USD that each call costs beside its tokens. */
  readonly perCall: number;
  readonly validity: Validity;
}

/**
 * When a tariff holds: always, from an instant on, or within some hours of every UTC day (which may
 * pass midnight).
 */
export type Validity =
  | { readonly kind: 'always' }
  | { readonly kind: 'since'; readonly start: number }
  | { readonly kind: 'daily'; readonly startMs: number; readonly endMs: number };

/**
 * Token counts of a call; `cachedPromptTokens` are part of `promptTokens`. `totalTokens` may count
 * more than the parts that are known.
 */
export interface TokenCounts {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly totalTokens: number;
}

/** A price in USD per million tokens is thousands of nano-USD per token. */
const NANO_USD_PER_TOKEN = 1000;
const NANO_USD_PER_USD = 1e9;

function holds(validity: Validity, timestamp: number): boolean {
  if (validity.kind === 'always') return true;
  if (validity.kind === 'since') return timestamp >= validity.start;
  const { startMs, endMs } = validity;
  const time = ((timestamp % DAY_MS) + DAY_MS) % DAY_MS;
  return endMs < startMs ? time >= startMs || time < endMs : time >= startMs && time < endMs;
}

/**
 * The tariff that holds at the instant: the last of the list that does, else the first. Null for an
 * empty list.
 */
export function tariffAt(tariffs: readonly Tariff[], timestamp: number): Tariff | null {
  for (let index = tariffs.length - 1; index > 0; index--) {
    const tariff = tariffs[index] as Tariff;
    if (holds(tariff.validity, timestamp)) return tariff;
  }
  return tariffs[0] ?? null;
}

function priceFor(price: TokenPrice, promptTokens: number): number {
  let result = price.base;
  for (const tier of price.tiers) if (promptTokens > tier.above) result = tier.price;
  return result;
}

/**
 * Price of a call in whole nano-USD. Null when it cannot be known: a part of the call has no price
 * in the tariff, no tokens are known, or the counts contradict each other (more cached prompt
 * tokens than prompt tokens). What the total counts beyond its parts belongs to the prompt if the
 * model charges nothing else (embeddings); elsewhere nobody knows its price.
 */
export function priceTokens(tariff: Tariff, counts: TokenCounts): number | null {
  const { completionTokens, cachedPromptTokens, totalTokens } = counts;
  const { input, output, cachedInput } = tariff;
  const rest = totalTokens - counts.promptTokens - completionTokens;
  if (totalTokens === 0 || (rest > 0 && output !== null)) return null;
  const promptTokens = counts.promptTokens + rest;
  if (input === null && output === null) return null;
  if (cachedPromptTokens > promptTokens) return null;
  if (input === null && promptTokens > 0) return null;
  if (output === null && completionTokens > 0) return null;
  const atCachePrice = cachedInput === null ? 0 : cachedPromptTokens;
  let sum = 0;
  if (input !== null) sum += (promptTokens - atCachePrice) * priceFor(input, promptTokens);
  if (cachedInput !== null) sum += atCachePrice * priceFor(cachedInput, promptTokens);
  if (output !== null) sum += completionTokens * priceFor(output, promptTokens);
  return Math.round(sum * NANO_USD_PER_TOKEN + tariff.perCall * NANO_USD_PER_USD);
}

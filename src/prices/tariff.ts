import { defined } from '../core/defined.ts';
import { DAY_MS } from '../core/time/units.ts';
/**
 * A price per token that may depend on the size of the prompt. All tokens cost the price of the
 * highest tier that the prompt exceeds.
 */
export interface TokenPrice {
  /** USD per million tokens. */
  readonly base: number;
  /**
   * Ascending by `above`. With more than `above` prompt tokens, `price` (USD per million tokens)
   * applies.
   */
  readonly tiers: readonly { readonly above: number; readonly price: number }[];
}

/** The prices of one model at one time. Null if the price list has none. */
export interface Tariff {
  readonly input: TokenPrice | null;
  readonly output: TokenPrice | null;
  /**
   * Prompt tokens read from the provider's cache. Null if they cost as much as other tokens.
   */
  readonly cachedInput: TokenPrice | null;
  /** USD per call, in addition to its tokens. */
  readonly perCall: number;
  readonly validity: Validity;
}

/**
 * When a tariff applies: always, from an instant on, or during some hours of every UTC day (which
 * may span midnight).
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

/** 1 USD per million tokens is 1000 nano-USD per token. */
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
 * The tariff at the instant: the last in the list that applies, else the first. Null if the list is
 * empty.
 */
export function tariffAt(tariffs: readonly Tariff[], timestamp: number): Tariff | null {
  for (let index = tariffs.length - 1; index > 0; index--) {
    const tariff = defined(tariffs[index]);
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
 * The price of a call in whole nano-USD. Null if it is unknown: a part of the call has no price in
 * the tariff, no token counts are known, or the counts contradict each other (more cached prompt
 * tokens than prompt tokens). If the total exceeds the sum of its parts, the rest counts as prompt
 * tokens if the model charges for prompts only (embeddings); otherwise the price is unknown.
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

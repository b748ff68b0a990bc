import { defined } from '../core/defined.ts';
import { DAY_MS } from '../core/time/units.ts';

/** The parts of a call that are charged separately. Those of the prompt come first. */
export const PRICE_PARTS = [
  'input',
  'cachedInput',
  'cacheWrite',
  'audioInput',
  'imageInput',
  'output',
  'reasoning',
  'audioOutput',
] as const;
export type PricePart = (typeof PRICE_PARTS)[number];

/**
 * Nano-USD per million tokens, as integers. Null if the part has no price of its own and costs what
 * its whole costs; for `input` and `output`, null means unknown.
 */
export type Rates = Readonly<Record<PricePart, number | null>>;

/** How the provider served a call. */
export const SERVICE_TIERS = ['STANDARD', 'BATCH', 'FLEX', 'PRIORITY'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** The prices of one model in one service tier at one time. */
export interface Tariff {
  readonly rates: Rates;
  /**
   * Ascending by `above`. With more than `above` prompt tokens, these rates apply to all tokens.
   */
  readonly contextTiers: readonly { readonly above: number; readonly rates: Rates }[];
  /** Nano-USD per call, in addition to its tokens. */
  readonly perCall: number;
  readonly validity: Validity;
  /**
   * Whether the price of output tokens depends on something that calls do not record: the model
   * also produces images, and text at a lower price.
   */
  readonly hasUnrecordedOutput?: boolean;
  /** Parts whose charge is unknown, although their whole has a price. */
  readonly unknownParts?: readonly PricePart[];
}

/**
 * When a tariff applies: from an instant until before another, or during some hours of every UTC
 * day.
 */
export type Validity =
  | { readonly kind: 'period'; readonly from: number | null; readonly to: number | null }
  /** May span midnight. */
  | { readonly kind: 'daily'; readonly startMs: number; readonly endMs: number };

export const ALWAYS: Validity = { kind: 'period', from: null, to: null };

/**
 * Token counts of a call. `cachedPromptTokens` (read from the provider's cache),
 * `cacheWritePromptTokens`, `audioPromptTokens` and `imagePromptTokens` are parts of
 * `promptTokens`; `reasoningTokens` and `audioCompletionTokens` are parts of `completionTokens`.
 * `totalTokens` may exceed the sum of the known parts.
 */
export interface TokenCounts {
  readonly promptTokens: number;
  readonly cachedPromptTokens: number;
  readonly cacheWritePromptTokens: number;
  readonly audioPromptTokens: number;
  readonly imagePromptTokens: number;
  readonly completionTokens: number;
  readonly reasoningTokens: number;
  readonly audioCompletionTokens: number;
  readonly totalTokens: number;
}

/** Why a call has no price. `declarations/llm/cost-problems.ts` explains them to users. */
export type PriceProblem = 'NO_PRICE' | 'NO_TIER_PRICE' | 'NO_PART_PRICE' | 'NO_TOKENS' | 'UNCLEAR_TOKENS';

const TOKENS_PER_RATE = 1e6;

/** Whether a tariff with this validity applies at the time. */
function holds(validity: Validity, timestamp: number): boolean {
  if (validity.kind === 'period') {
    const { from, to } = validity;
    return (from === null || timestamp >= from) && (to === null || timestamp < to);
  }
  const { startMs, endMs } = validity;
  const time = ((timestamp % DAY_MS) + DAY_MS) % DAY_MS;
  return endMs < startMs ? time >= startMs || time < endMs : time >= startMs && time < endMs;
}

/** The tariff at the instant: the last in the list that applies. Undefined if none does. */
export function tariffAt<Any extends Pick<Tariff, 'validity'>>(
  tariffs: readonly Any[],
  timestamp: number,
): Any | undefined {
  for (let index = tariffs.length - 1; index >= 0; index--) {
    const tariff = defined(tariffs[index]);
    if (holds(tariff.validity, timestamp)) return tariff;
  }
  return undefined;
}

function ratesFor({ rates, contextTiers }: Tariff, promptTokens: number): Rates {
  let found = rates;
  for (const tier of contextTiers) if (promptTokens > tier.above) found = tier.rates;
  return found;
}

/**
 * The price of a call in whole nano-USD, or why it has none. The formula is that of
 * @pydantic/genai-prices (`calcPrice`): each token is charged once, by the most specific part that
 *   has a price; parts without one are charged as their whole; the total number of prompt tokens
 *   selects the context tier. If the total exceeds the sum of its parts, the rest counts as prompt
 *   tokens if the model charges only for prompts (embeddings).
 */
export function priceTokens(tariff: Tariff, counts: TokenCounts): number | PriceProblem {
  const { completionTokens, totalTokens } = counts;
  const { input, output } = tariff.rates;
  if (input === null && output === null) return 'NO_PART_PRICE';
  const rest = totalTokens - counts.promptTokens - completionTokens;
  if (totalTokens === 0 || (rest > 0 && output !== null)) return 'NO_TOKENS';
  const promptTokens = counts.promptTokens + rest;
  if (input === null && promptTokens > 0) return 'NO_PART_PRICE';
  if (output === null && completionTokens > 0) return 'NO_PART_PRICE';
  if (tariff.hasUnrecordedOutput && completionTokens > 0) return 'UNCLEAR_TOKENS';
  const rates = ratesFor(tariff, promptTokens);
  const charged = chargedTokens(rates, counts, promptTokens);
  if (charged === null) return 'UNCLEAR_TOKENS';
  if (tariff.unknownParts?.some((part) => counts[TOKENS_OF[part]] > 0)) return 'NO_PART_PRICE';
  return nanoUsdOf(charged, rates) + tariff.perCall;
}

const TOKENS_OF: Readonly<Record<PricePart, keyof TokenCounts>> = {
  input: 'promptTokens',
  cachedInput: 'cachedPromptTokens',
  cacheWrite: 'cacheWritePromptTokens',
  audioInput: 'audioPromptTokens',
  imageInput: 'imagePromptTokens',
  output: 'completionTokens',
  reasoning: 'reasoningTokens',
  audioOutput: 'audioCompletionTokens',
};

/** How many tokens each part is charged for: each token by one part. Null if that is ambiguous. */
function chargedTokens(
  rates: Rates,
  counts: TokenCounts,
  promptTokens: number,
): Readonly<Record<PricePart, number>> | null {
  const { cachedPromptTokens, cacheWritePromptTokens, audioPromptTokens, imagePromptTokens } = counts;
  const { completionTokens, reasoningTokens, audioCompletionTokens } = counts;
  if (cachedPromptTokens + cacheWritePromptTokens > promptTokens) return null;
  if (audioPromptTokens + imagePromptTokens > promptTokens) return null;
  if (reasoningTokens + audioCompletionTokens > completionTokens) return null;
  const cachedInput = rates.cachedInput === null ? 0 : cachedPromptTokens;
  const cacheWrite = rates.cacheWrite === null ? 0 : cacheWritePromptTokens;
  const audioInput = rates.audioInput === null ? 0 : audioPromptTokens;
  const imageInput = rates.imageInput === null ? 0 : imagePromptTokens;
  const fromCache = cachedInput + cacheWrite;
  const notText = audioInput + imageInput;
  // Audio may come from the cache, for a third price. Nothing says how much of it does.
  if (fromCache > 0 && notText > 0) return null;
  const reasoning = rates.reasoning === null ? 0 : reasoningTokens;
  const audioOutput = rates.audioOutput === null ? 0 : audioCompletionTokens;
  return {
    input: promptTokens - fromCache - notText,
    cachedInput,
    cacheWrite,
    audioInput,
    imageInput,
    output: completionTokens - reasoning - audioOutput,
    reasoning,
    audioOutput,
  };
}

/** Exact in integers, and rounded once: half a nano-USD up. */
function nanoUsdOf(tokens: Readonly<Record<PricePart, number>>, rates: Rates): number {
  // Written out, because this runs for each recorded call, and a loop over the parts takes twice as
  // long.
  const sum =
    TOKENS_PER_RATE / 2 +
    tokens.input * (rates.input ?? 0) +
    tokens.cachedInput * (rates.cachedInput ?? 0) +
    tokens.cacheWrite * (rates.cacheWrite ?? 0) +
    tokens.audioInput * (rates.audioInput ?? 0) +
    tokens.imageInput * (rates.imageInput ?? 0) +
    tokens.output * (rates.output ?? 0) +
    tokens.reasoning * (rates.reasoning ?? 0) +
    tokens.audioOutput * (rates.audioOutput ?? 0);
  if (sum <= Number.MAX_SAFE_INTEGER) return Math.floor(sum / TOKENS_PER_RATE);
  let large = BigInt(TOKENS_PER_RATE / 2);
  for (const part of PRICE_PARTS) large += BigInt(tokens[part]) * BigInt(rates[part] ?? 0);
  return Number(large / BigInt(TOKENS_PER_RATE));
}

import { findTariffs } from './library.ts';
import { createMemo } from './memo.ts';
import { overrideKey, readOverrides } from './overrides.ts';
import { priceTokens, type Tariff, tariffAt } from './tariff.ts';

export interface PriceBookOptions {
  /** JSON file with prices that go before the library's (the variable PRICES_FILE). */
  readonly overridesFile?: string | null | undefined;
}

/**
 * A call as far as its price is concerned. Token counts are totals of the call;
 * `cachedPromptTokens` are part of `promptTokens`.
 */
export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedPromptTokens: number;
  readonly totalTokens: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

export interface PriceBook {
  /**
   * Price of a call in nano-USD; null when the provider, the model or the tokens are not known. A
   * call of which only `totalTokens` are known is priced where the model charges prompts alone.
   */
  priceCall(call: PricedCall): number | null;
}

/**
 * Far more models than a deployment calls; names that nobody prices come from clients and must not
 * fill the memory.
 */
const REMEMBERED_MODELS = 10_000;

/**
 * The price book: prices of @pydantic/genai-prices (bundled, no network) with the user's own before
 * them. A call is priced by the tariff of its own time; null means that the price is not known,
 * never that the call was free. Which model a pair of names means is looked up once; pricing a call
 * of a known pair takes well under a microsecond.
 *
 * @throws TelltaleError that names PRICES_FILE when the overrides cannot be used.
 */
export function createPriceBook({ overridesFile }: PriceBookOptions = {}): PriceBook {
  const overrides = overridesFile ? readOverrides(overridesFile) : null;
  // The key begins with the length of the provider's name: no two pairs of names share a key.
  const memo = createMemo((key): readonly Tariff[] | null => {
    const colon = key.indexOf(':');
    const modelStart = colon + 1 + Number(key.slice(0, colon));
    const provider = key.slice(colon + 1, modelStart);
    const model = key.slice(modelStart);
    const override = overrides?.get(overrideKey(provider, model));
    return override === undefined ? findTariffs(provider, model) : [override];
  }, REMEMBERED_MODELS);

  return {
    priceCall(call) {
      const tariffs = memo.get(`${call.provider.length}:${call.provider}${call.model}`);
      if (tariffs === null) return null;
      const tariff = tariffAt(tariffs, call.timestamp);
      return tariff === null ? null : priceTokens(tariff, call);
    },
  };
}

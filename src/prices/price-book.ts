import { findTariffs } from './library.ts';
import { createMemo, type Memo } from './memo.ts';
import { type Overrides, overrideKey, readOverrides, type Tariffs } from './overrides.ts';
import { priceTokens, type Tariff, tariffAt } from './tariff.ts';

export interface PriceBookOptions {
  /** JSON file with prices that override the library's (the variable PRICES_FILE). */
  readonly overridesFile?: string | null | undefined;
}

/**
 * The fields of a call that determine its price. Token counts are totals of the call;
 * `cachedPromptTokens` are part of `promptTokens`.
 */
export interface PricedCall {
  /** Projects may have prices of their own. */
  readonly projectId: string;
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
   * The price of a call in nano-USD. Null if the provider, the model or the tokens are unknown. A
   * call with only `totalTokens` has a price if the model charges for prompts only.
   */
  priceCall(call: PricedCall): number | null;
}

/**
 * Far more models than a deployment calls. Unknown names come from clients too, so the number is
 * bounded to save memory.
 */
const REMEMBERED_MODELS = 10_000;

/**
 * The price book: prices of @pydantic/genai-prices (bundled, no network), which the user's own
 * prices override, and those of a project override both. The tariff at the time of the call applies. Null means that the price is
 * unknown, never that the call was free. The tariffs of a pair of names are looked up once; after
 * that, pricing a call takes well under a microsecond.
 *
 * @throws InvalidArgument that names PRICES_FILE when the overrides cannot be used.
 */
export function createPriceBook({ overridesFile }: PriceBookOptions = {}): PriceBook {
  const { ofAll, ofProjects } = overridesFile ? readOverrides(overridesFile) : NO_OVERRIDES;
  const tariffsOfAll = rememberTariffs([ofAll]);
  const tariffsOfProjects = new Map(
    [...ofProjects].map(([projectId, own]) => [projectId, rememberTariffs([own, ofAll])]),
  );

  return {
    priceCall(call) {
      const memo = tariffsOfProjects.get(call.projectId) ?? tariffsOfAll;
      const tariffs = memo.get(`${call.provider.length}:${call.provider}${call.model}`);
      if (tariffs === null) return null;
      const tariff = tariffAt(tariffs, call.timestamp);
      return tariff === null ? null : priceTokens(tariff, call);
    },
  };
}

const NO_OVERRIDES: Overrides = { ofAll: new Map(), ofProjects: new Map() };

/**
 * The tariffs of models by the first of the lists that has them, else by the library. The key begins
 * with the length of the provider's name, so it is unique for a pair of names.
 */
function rememberTariffs(lists: readonly Tariffs[]): Memo<readonly Tariff[] | null> {
  return createMemo((key) => {
    const colon = key.indexOf(':');
    const modelStart = colon + 1 + Number(key.slice(0, colon));
    const provider = key.slice(colon + 1, modelStart);
    const model = key.slice(modelStart);
    const wanted = overrideKey(provider, model);
    const override = lists.find((list) => list.has(wanted))?.get(wanted);
    return override === undefined ? findTariffs(provider, model) : [override];
  }, REMEMBERED_MODELS);
}

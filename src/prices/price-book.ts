import { findTariffs } from './library.ts';
import { createMemo, type Memo } from './memo.ts';
import { type Overrides, readOverrides } from './overrides.ts';
import { priceKey, type Tariffs } from './price-entry.ts';
import {
  type PriceProblem,
  priceTokens,
  SERVICE_TIERS,
  type ServiceTier,
  type Tariff,
  type TokenCounts,
  tariffAt,
} from './tariff.ts';

export interface PriceBookOptions {
  /** JSON file with prices that override the library's (the variable PRICES_FILE). */
  readonly overridesFile?: string | null | undefined;
  /**
   * The prices that a project has set, by project id: they override all others. After a change, it
   * returns a different object. Default: none.
   */
  readonly ofProject?: (projectId: string) => Tariffs | undefined;
}

/** The fields of a call that determine its price. */
export interface PricedCall extends TokenCounts {
  /** Projects may have their own prices. */
  readonly projectId: string;
  readonly provider: string;
  readonly model: string;
  /** Null means STANDARD. */
  readonly serviceTier: ServiceTier | null;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** Where a price comes from, in order of precedence. */
export type PriceSource = 'PROJECT' | 'FILE' | 'BOOK';

/** The price of a model in a service tier that applies at a time. */
export interface FoundPrice {
  readonly source: PriceSource;
  readonly serviceTier: ServiceTier;
  readonly tariff: Tariff;
  /** The names in the price list, which matches aliases. Null if they are the requested names. */
  readonly listedAs: { readonly provider: string; readonly model: string } | null;
}

export interface PriceBook {
  /**
   * The price of a call in nano-USD, by the tariff at its time; or why there is none. A call with
   * only `totalTokens` has a price if the model charges only for prompts.
   */
  priceCall(call: PricedCall): number | PriceProblem;
  /** The prices of a model at a time, one for each service tier that has one. */
  pricesAt(asked: Pick<PricedCall, 'projectId' | 'provider' | 'model' | 'timestamp'>): readonly FoundPrice[];
}

/** The tariffs of a model in a service tier, grouped by source, in order of precedence. */
interface Sources {
  readonly found: readonly {
    readonly source: PriceSource;
    readonly tariffs: readonly Tariff[];
    readonly listedAs: FoundPrice['listedAs'];
  }[];
  readonly problem: PriceProblem;
}

/**
 * Far more models than a deployment calls. Unknown names also come from clients, so the number is
 * bounded to save memory.
 */
const REMEMBERED_MODELS = 10_000;

/**
 * The price book: prices of @pydantic/genai-prices (bundled, no network). The user's own file
 * overrides them, and the prices of a project override both. The tariff at the time of the call
 * applies. No price means that it is unknown, never that the call was free. The tariffs of a pair
 * of names are looked up once; after that, pricing a call takes about a microsecond.
 *
 * @throws InvalidArgument that names PRICES_FILE if the overrides cannot be used.
 */
export function createPriceBook(options: PriceBookOptions = {}): PriceBook {
  const { overridesFile, ofProject = () => undefined } = options;
  const { ofAll, ofProjects } = overridesFile ? readOverrides(overridesFile) : NO_OVERRIDES;
  const sourcesOfAll = rememberSources([['FILE', ofAll]]);
  const sourcesOfProjects = new Map<string, Remembered>();

  /** Created again when the project has set other prices. */
  function sourcesOf(projectId: string): Memo<Sources> {
    const own = ofProject(projectId);
    const ofFile = ofProjects.get(projectId);
    if (own === undefined && ofFile === undefined) return sourcesOfAll;
    const known = sourcesOfProjects.get(projectId);
    if (known?.own === own && known !== undefined) return known.memo;
    const lists: [PriceSource, Tariffs][] = [];
    if (own !== undefined) lists.push(['PROJECT', own]);
    if (ofFile !== undefined) lists.push(['FILE', ofFile]);
    const memo = rememberSources([...lists, ['FILE', ofAll]]);
    sourcesOfProjects.set(projectId, { own, memo });
    return memo;
  }

  function find(asked: Asked, tier: ServiceTier): FoundPrice | PriceProblem {
    const { provider, model, timestamp } = asked;
    const { found, problem } = sourcesOf(asked.projectId).get(
      `${tier}${provider.length}:${provider}${model}`,
    );
    for (const { source, tariffs, listedAs } of found) {
      const tariff = tariffAt(tariffs, timestamp);
      if (tariff !== undefined) return { source, serviceTier: tier, tariff, listedAs };
    }
    return problem;
  }

  return {
    priceCall(call) {
      const price = find(call, call.serviceTier ?? 'STANDARD');
      return typeof price === 'string' ? price : priceTokens(price.tariff, call);
    },
    pricesAt: (asked) =>
      SERVICE_TIERS.map((tier) => find(asked, tier)).filter((price) => typeof price !== 'string'),
  };
}

type Asked = Pick<PricedCall, 'projectId' | 'provider' | 'model' | 'timestamp'>;

interface Remembered {
  readonly own: Tariffs | undefined;
  readonly memo: Memo<Sources>;
}

const NO_OVERRIDES: Overrides = { ofAll: new Map(), ofProjects: new Map() };

/**
 * The tariffs of models from the lists, then from the library. The key contains the service tier
 * and the length of the provider's name, so it is unique.
 */
function rememberSources(lists: readonly (readonly [PriceSource, Tariffs])[]): Memo<Sources> {
  return createMemo((key) => {
    const { tier, provider, model } = readKey(key);
    const wanted = priceKey(provider, model, tier);
    const found: Sources['found'][number][] = [];
    for (const [source, list] of lists) {
      const tariffs = list.get(wanted);
      if (tariffs !== undefined) found.push({ source, tariffs, listedAs: null });
    }
    const listed = findTariffs(provider, model, tier);
    if (listed?.tariffs) found.push({ source: 'BOOK', tariffs: listed.tariffs, listedAs: listed });
    const isKnown =
      listed !== null || lists.some(([, list]) => list.has(priceKey(provider, model, 'STANDARD')));
    return { found, problem: isKnown && tier !== 'STANDARD' ? 'NO_TIER_PRICE' : 'NO_PRICE' };
  }, REMEMBERED_MODELS);
}

function readKey(key: string) {
  const tier = SERVICE_TIERS.find((candidate) => key.startsWith(candidate)) ?? 'STANDARD';
  const colon = key.indexOf(':');
  const modelStart = colon + 1 + Number(key.slice(tier.length, colon));
  return { tier, provider: key.slice(colon + 1, modelStart), model: key.slice(modelStart) };
}

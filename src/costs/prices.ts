import { NANO_USD_PER_USD } from '../core/dataset/column.ts';
import { InvalidArgument } from '../core/errors.ts';
import { byName } from '../core/named.ts';
import type { FoundPrice, PriceBook, PricedCall } from '../prices/price-book.ts';
import { contextTiers, priceKey } from '../prices/price-entry.ts';
import { toUsdPerMillion } from '../prices/rates.ts';
import {
  PRICE_PARTS,
  type PricePart,
  type Rates,
  type ServiceTier,
  type Validity,
} from '../prices/tariff.ts';
import type { HeldPrices } from './held-prices.ts';

/** The current prices, and what mutations of them need. */
export interface Prices {
  /** The prices of a model at a time, one for each service tier that has one. */
  at(asked: Pick<PricedCall, 'projectId' | 'provider' | 'model' | 'timestamp'>): readonly ShownPrice[];
  /** The same text for prices of which one replaces the other. */
  identityOf(price: PriceIdentity): string;
  /**
   * @param tiers as a client sent them
   * @throws InvalidArgument at `input.contextTiers`
   */
  checkContextTiers(tiers: unknown): void;
  /** After this, the instance knows every price that was set before the call. */
  refresh(): Promise<void>;
}

export interface PriceIdentity {
  readonly provider: string;
  readonly model: string;
  readonly serviceTier: ServiceTier;
  /** Null for no beginning. */
  readonly validFrom: Date | null;
}

/** Amounts in USD per million tokens. Null: see `Rates`. */
export type ShownRates = Readonly<Record<PricePart, number | null>>;

/** A price in the form in which people see it. */
export interface ShownPrice {
  readonly source: FoundPrice['source'];
  readonly serviceTier: ServiceTier;
  readonly provider: string;
  readonly model: string;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  /** For a price that applies during some hours of every day, such as "16:30". */
  readonly dailyFrom: string | null;
  readonly dailyTo: string | null;
  readonly rates: ShownRates;
  /** USD. */
  readonly perCall: number;
  readonly contextTiers: readonly { readonly above: number; readonly rates: ShownRates }[];
  /** Parts whose price in this service tier is unknown. */
  readonly unknownParts: readonly PricePart[];
}

export function createPrices(book: Pick<PriceBook, 'pricesAt'>, held: Pick<HeldPrices, 'refresh'>): Prices {
  return {
    at: (asked) => book.pricesAt(asked).map((price) => show(price, asked)),
    identityOf: ({ provider, model, serviceTier, validFrom }) =>
      JSON.stringify([priceKey(provider, model, serviceTier), validFrom?.getTime() ?? null]),
    checkContextTiers(tiers) {
      const { error } = contextTiers.safeParse(tiers);
      const [issue] = error?.issues ?? [];
      if (issue === undefined) return;
      const path = issue.path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
        .join('');
      throw new InvalidArgument(
        `contextTiers${path}: ${issue.message}. Expected a list such as [{"above": 200000, "input": 6, ` +
          `"output": 22.5}], prices in USD per million tokens of ${PRICE_PARTS.join(', ')}.`,
        'input.contextTiers',
      );
    },
    refresh: held.refresh,
  };
}

function show(
  { source, serviceTier, tariff, listedAs }: FoundPrice,
  asked: { readonly provider: string; readonly model: string },
): ShownPrice {
  const { provider, model } = listedAs ?? asked;
  return {
    ...{ source, serviceTier, provider, model },
    ...showValidity(tariff.validity),
    rates: showRates(tariff.rates),
    perCall: tariff.perCall / NANO_USD_PER_USD,
    contextTiers: tariff.contextTiers.map(({ above, rates }) => ({ above, rates: showRates(rates) })),
    unknownParts: tariff.unknownParts ?? [],
  };
}

const showRates = (rates: Rates): ShownRates =>
  byName(PRICE_PARTS, (part) => {
    const rate = rates[part];
    return rate === null ? null : toUsdPerMillion(rate);
  });

function showValidity(
  validity: Validity,
): Pick<ShownPrice, 'validFrom' | 'validTo' | 'dailyFrom' | 'dailyTo'> {
  if (validity.kind === 'daily') {
    const [dailyFrom, dailyTo] = [timeOfDay(validity.startMs), timeOfDay(validity.endMs)];
    return { validFrom: null, validTo: null, dailyFrom, dailyTo };
  }
  const { from, to } = validity;
  const [validFrom, validTo] = [from, to].map((time) => (time === null ? null : new Date(time)));
  return { validFrom: validFrom ?? null, validTo: validTo ?? null, dailyFrom: null, dailyTo: null };
}

/** "16:30", from the milliseconds since midnight. */
const timeOfDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(11, 16);

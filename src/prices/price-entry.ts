import { z } from 'zod';
import { byName } from '../core/named.ts';
import { parseTimestamp } from '../core/time/parse-timestamp.ts';
import { eachRate, inOrder, toRate } from './rates.ts';
import { PRICE_PARTS, type PricePart, type ServiceTier, type Tariff } from './tariff.ts';

/**
 * The largest price in USD per million tokens. With it, even the largest call that can be recorded
 * (2^31 tokens of each kind) has a cost that can be stored.
 */
export const MAX_USD_PER_MILLION = 2000;
/** The largest price of a call, in USD. */
export const MAX_USD_PER_CALL = 1000;
const MAX_TIERS = 10;
const MAX_TOKENS = 2 ** 31 - 1;

export const usdPerMillion = z.number().min(0).max(MAX_USD_PER_MILLION);
export const ofParts = byName(PRICE_PARTS, () => usdPerMillion.optional());

const contextTier = z.strictObject({ above: z.int().min(1).max(MAX_TOKENS), ...ofParts });

/**
 * The prices above some number of prompt tokens. A part that a tier omits keeps its price from
 * below.
 */
export const contextTiers = z
  .array(contextTier)
  .max(MAX_TIERS)
  .refine(
    (tiers) => new Set(tiers.map(({ above }) => above)).size === tiers.length,
    'repeats a number of tokens',
  )
  .refine(
    (tiers) => tiers.every((tier) => PRICE_PARTS.some((part) => tier[part] !== undefined)),
    `each needs a price: ${PRICE_PARTS.join(', ')}`,
  );
export type ContextTiers = z.infer<typeof contextTiers>;

/** A time as ISO 8601 with an offset; UTC midnight if it is a date. In epoch milliseconds. */
export const instant = z.string().transform((text, context) => {
  const time = parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (!Number.isNaN(time)) return time;
  context.addIssue('must be a date or a time such as "2026-07-01" or "2026-07-01T00:00:00Z"');
  return z.NEVER;
});

/** The prices of a model as people write them, in USD per million tokens. */
export interface PriceEntry extends Partial<Readonly<Record<PricePart, number | undefined>>> {
  /** USD per call. */
  readonly perCall?: number | undefined;
  readonly contextTiers?: ContextTiers | undefined;
  readonly validFrom?: number | undefined;
  readonly validTo?: number | undefined;
}

export function toTariff(entry: PriceEntry): Tariff {
  const rates = eachRate((part) => rateOf(entry[part]));
  const tiers = inOrder(
    (entry.contextTiers ?? []).map((tier) => ({
      above: tier.above,
      rates: eachRate((part) => rateOf(tier[part])),
    })),
  );
  let below = rates;
  const complete = tiers.map(({ above, rates: own }) => {
    const before = below;
    below = eachRate((part) => own[part] ?? before[part]);
    return { above, rates: below };
  });
  return {
    rates,
    contextTiers: complete,
    perCall: Math.round((entry.perCall ?? 0) * 1e9),
    validity: { kind: 'period', from: entry.validFrom ?? null, to: entry.validTo ?? null },
  };
}

const rateOf = (price: number | undefined) => (price === undefined ? null : toRate(price));

/**
 * A key that is unique for a provider, a model and a service tier, whatever the case of the names.
 */
export function priceKey(provider: string, model: string, tier: ServiceTier): string {
  return JSON.stringify([provider.trim().toLowerCase(), model.trim().toLowerCase(), tier]);
}

/**
 * Tariffs by `priceKey`, in the order in which they begin. If several apply at a time, the last one
 * counts.
 */
export type Tariffs = ReadonlyMap<string, readonly Tariff[]>;

/** Groups tariffs by key, in the order in which they begin. */
export function groupTariffs(entries: Iterable<readonly [key: string, tariff: Tariff]>): Tariffs {
  const groups = new Map<string, Tariff[]>();
  for (const [key, tariff] of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tariff]);
    else group.push(tariff);
  }
  for (const tariffs of groups.values()) tariffs.sort((one, other) => beginOf(one) - beginOf(other));
  return groups;
}

/** When a tariff starts to apply, in epoch milliseconds. */
export const beginOf = ({ validity }: Tariff): number =>
  validity.kind === 'period' && validity.from !== null ? validity.from : Number.NEGATIVE_INFINITY;

import { QUOTA_NAMES, type QuotaName, type Quotas } from '../../core/quotas.ts';
import type { Window } from './counters.ts';

/** Who pays for an operation. */
export interface Payer {
  /** Null on an open server. */
  readonly keyId: string | null;
  /** The address of the client; null for a client in this process. */
  readonly address: string | null;
}

/** A quota that applies to an operation. */
export interface Quota {
  readonly name: QuotaName;
  readonly of: 'KEY' | 'ADDRESS';
  readonly limit: number;
  readonly window: Window;
  /** The id by which `Counters` count it. */
  readonly id: string;
}

/** What remains of a quota. */
export interface Standing {
  readonly quota: Quota;
  readonly remaining: number;
  /** Milliseconds until the window ends, when the whole quota becomes available again. */
  readonly resetAfterMs: number;
}

/** Where quotas come from. */
export interface QuotaSources {
  /** The quotas of every key without its own, and of every address. */
  readonly defaults: { readonly key: Quotas; readonly address: Quotas };
  /** The quotas set for individual keys, by key id. */
  ownQuotas(): ReadonlyMap<string, Quotas>;
}

const WINDOWS: Readonly<Record<QuotaName, Window>> = {
  eventsPerMinute: 'MINUTE',
  eventsPerDay: 'DAY',
  queryCostPerMinute: 'MINUTE',
};

/** The quotas that apply to a payer. */
export function quotasOf({ keyId, address }: Payer, { defaults, ownQuotas }: QuotaSources): Quota[] {
  const own = keyId === null ? undefined : ownQuotas().get(keyId);
  const found: Quota[] = [];
  for (const name of QUOTA_NAMES) {
    const ofKey = keyId === null ? null : (own?.[name] ?? defaults.key[name]);
    const ofAddress = address === null ? null : defaults.address[name];
    const common = { name, window: WINDOWS[name] };
    if (ofKey !== null) found.push({ ...common, of: 'KEY', limit: ofKey, id: `key:${keyId}:${name}` });
    if (ofAddress !== null)
      found.push({ ...common, of: 'ADDRESS', limit: ofAddress, id: `address:${address}:${name}` });
  }
  return found;
}

/** Whether any of these is set. */
export const hasQuota = (quotas: Quotas): boolean => QUOTA_NAMES.some((name) => quotas[name] !== null);

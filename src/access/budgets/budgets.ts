import { systemClock } from '../../core/clock.ts';
import { defined } from '../../core/defined.ts';
import type { Count, Counters } from './counters.ts';
import { hasQuota, type Quota, type QuotaSources, quotasOf, type Standing } from './quotas-of.ts';
import { createRecentRefusals, type RecentRefusals } from './recent-refusals.ts';
import { rateLimited, tooManyEvents } from './refusals.ts';

/**
 * Counts what keys and addresses use, and rejects what exceeds their quotas. If the database cannot
 * count, nothing is rejected: it cannot store events then either, and reads should continue.
 */
export interface Budgets {
  /** The account of one operation. Null if no quota applies: then nothing is counted. */
  accountOf(keyId: string | null, address: () => string | null): Account | null;
}

/** What one operation may use, and what it has used. */
export interface Account {
  /** The smallest quota of query cost: an operation above it can never pass. */
  readonly costQuota: Quota | undefined;
  /**
   * Charges the price of an operation.
   *
   * @throws TelltaleError RATE_LIMITED
   */
  takeQueryCost(price: number): Promise<void>;
  /**
   * Charges the events of a call.
   *
   * @returns a function that refunds them, for a call that stored nothing
   * @throws TelltaleError RATE_LIMITED, InvalidArgument for more events than the whole quota
   */
  takeEvents(count: number): Promise<() => Promise<void>>;
  /** What remains of the quotas that the operation has used so far. */
  standings(): readonly Standing[];
}

export interface BudgetsOptions extends QuotaSources {
  readonly counters: Counters;
  readonly log: { error(details: object, message: string): void };
}

const LOG_EVERY_MS = 60_000;

export function createBudgets({ counters, log, ...sources }: BudgetsOptions): Budgets {
  const { key, address: ofAddress } = sources.defaults;
  const forKeys = hasQuota(key);
  const forAddresses = hasQuota(ofAddress);
  const count = countOrLetPass(counters, log);
  const recent = createRecentRefusals();
  return {
    accountOf(keyId, address) {
      const isLimited = forAddresses || (keyId !== null && (forKeys || sources.ownQuotas().has(keyId)));
      if (!isLimited) return null;
      const quotas = quotasOf({ keyId, address: forAddresses ? address() : null }, sources);
      return quotas.length === 0 ? null : createAccount(quotas, count, recent);
    },
  };
}

/** The use of a quota in its window. */
interface Use extends Count {
  readonly quota: Quota;
}

/** Adds to quotas. Returns nothing if they cannot be counted: then nothing is rejected. */
type Counting = (quotas: readonly Quota[], points: number) => Promise<readonly Use[]>;

function countOrLetPass(counters: Counters, log: BudgetsOptions['log']): Counting {
  let loggedAt = Number.NEGATIVE_INFINITY;
  const addTo = async (quota: Quota, points: number): Promise<Use> => ({
    quota,
    ...(await counters.add(quota.window, quota.id, points)),
  });
  return async (quotas, points) => {
    try {
      return await Promise.all(quotas.map((quota) => addTo(quota, points)));
    } catch (err) {
      const now = systemClock.now();
      if (now - loggedAt >= LOG_EVERY_MS) {
        loggedAt = now;
        log.error({ err }, 'Quotas cannot be counted; until they can, no request is rejected');
      }
      return [];
    }
  };
}

function createAccount(quotas: readonly Quota[], count: Counting, recent: RecentRefusals): Account {
  const standings = new Map<string, Standing>();
  const costs = quotas.filter(({ name }) => name === 'queryCostPerMinute');
  const events = quotas.filter(({ name }) => name !== 'queryCostPerMinute');

  function note(uses: readonly Use[]): void {
    const now = systemClock.now();
    for (const { quota, used, endsAt } of uses) {
      const remaining = Math.min(Math.max(quota.limit - used, 0), quota.limit);
      standings.set(quota.id, { quota, remaining, resetAfterMs: Math.max(endsAt - now, 0) });
    }
  }

  /**
   * Charges all quotas or none.
   *
   * @returns a function that refunds it
   */
  async function take(from: readonly Quota[], points: number): Promise<() => Promise<void>> {
    const again = recent.find(from, points);
    if (again !== undefined) {
      standings.set(again.quota.id, again);
      throw rateLimited(again, points);
    }
    const uses = await count(from, points);
    note(uses);
    const giveBack = async () => {
      // A window that has ended contains nothing to refund.
      const open = uses.filter(({ endsAt }) => endsAt > systemClock.now());
      note(
        await count(
          open.map(({ quota }) => quota),
          -points,
        ),
      );
    };
    const refused = uses.filter(({ quota, used }) => used > quota.limit);
    if (refused.length === 0) return giveBack;
    await giveBack();
    const [last] = refused.toSorted((one, other) => other.endsAt - one.endsAt);
    const standing = defined(standings.get(last?.quota.id ?? ''));
    recent.add(standing);
    throw rateLimited(standing, points);
  }

  return {
    costQuota: costs.toSorted((one, other) => one.limit - other.limit)[0],
    takeQueryCost: async (price) => void (await take(costs, price)),
    async takeEvents(wanted) {
      const tooSmall = events.find(({ limit }) => wanted > limit);
      if (tooSmall !== undefined) throw tooManyEvents(tooSmall, wanted);
      return take(events, wanted);
    },
    standings: () => [...standings.values()],
  };
}

import { systemClock } from '../../core/clock.ts';
import type { Quota, Standing } from './quotas-of.ts';

/**
 * Quotas that rejected a request a moment ago. They reject further requests for more than remains
 * without counting them, so a client that does not wait costs the database nothing.
 */
export interface RecentRefusals {
  /** A quota that would reject this again; undefined if it must be counted. */
  find(quotas: readonly Quota[], points: number): Standing | undefined;
  add(standing: Standing): void;
}

/** Refunds by others become known after this time. */
const REMEMBERED_MS = 1_000;
/** Far more than can reject within that time. */
const MAX = 10_000;

interface Refused extends Standing {
  readonly at: number;
}

export function createRecentRefusals(): RecentRefusals {
  const refused = new Map<string, Refused>();
  return {
    find(quotas, points) {
      if (refused.size === 0) return undefined;
      const now = systemClock.now();
      for (const { id } of quotas) {
        const known = refused.get(id);
        if (known === undefined) continue;
        const { at, quota, remaining, resetAfterMs } = known;
        const age = now - at;
        if (age < 0 || age >= Math.min(REMEMBERED_MS, resetAfterMs)) refused.delete(id);
        else if (points > remaining) return { quota, remaining, resetAfterMs: resetAfterMs - age };
      }
      return undefined;
    },
    add(standing) {
      if (refused.size >= MAX) refused.clear();
      refused.set(standing.quota.id, { ...standing, at: systemClock.now() });
    },
  };
}

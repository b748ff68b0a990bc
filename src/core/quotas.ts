/** What one API key, or one address, may use. Null: no limit. */
export interface Quotas {
  readonly eventsPerMinute: number | null;
  readonly eventsPerDay: number | null;
  /** In the unit of `MAX_QUERY_COST`. */
  readonly queryCostPerMinute: number | null;
}

/** The names of the quotas. */
export const QUOTA_NAMES = ['eventsPerMinute', 'eventsPerDay', 'queryCostPerMinute'] as const;
export type QuotaName = (typeof QUOTA_NAMES)[number];

/** The largest quota. Anybody who needs more needs no quota. */
export const MAX_QUOTA = 1_000_000_000;

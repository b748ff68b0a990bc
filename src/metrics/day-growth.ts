/**
 * The totals of one group on one day, such as those of one model: by position, as the caller has
 * named them.
 */
export interface DayTotals {
  /** The values of the labels, by position. */
  readonly labels: readonly string[];
  readonly totals: readonly number[];
}

/** The increase of the totals of a group. */
export type Growth = DayTotals;

/**
 * Converts repeatedly read totals of days to their increases in between. This is what a Prometheus
 * counter may show: it never decreases, whatever happens to the days. What a day contained when
 * first seen does not count as an increase, unless the day began later. A total that shrinks
 * (retention, a deleted project, a corrected cost) counts from its new value.
 */
export interface DayGrowth {
  /**
   * @param day its beginning, in epoch milliseconds
   * @returns an entry for each group, with zeros if nothing was added
   */
  note(day: number, found: readonly DayTotals[]): Growth[];
  /** Forgets the days before this one. */
  forgetBefore(day: number): void;
}

/** @param since existing totals of days that began before this instant do not count as increases */
export function createDayGrowth(since: number): DayGrowth {
  const days = new Map<number, Map<string, readonly number[]>>();
  return {
    note(day, found) {
      const before = days.get(day);
      const known = before ?? new Map<string, readonly number[]>();
      days.set(day, known);
      const isNew = before === undefined && day < since;
      return found.map(({ labels, totals }) => {
        const key = JSON.stringify(labels);
        const last = known.get(key);
        known.set(key, totals);
        const grown = totals.map((total, at) => (isNew ? 0 : Math.max(0, total - (last?.[at] ?? 0))));
        return { labels, totals: grown };
      });
    },
    forgetBefore(day) {
      for (const known of days.keys()) if (known < day) days.delete(known);
    },
  };
}

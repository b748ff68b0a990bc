/** The totals of one group, such as one model, on one day: by position, named by the caller. */
export interface DayTotals {
  /** The values of the labels, by position. */
  readonly labels: readonly string[];
  readonly totals: readonly number[];
}

/** What was added to the totals of a group. */
export type Growth = DayTotals;

/**
 * Turns totals of days, which are read repeatedly, into what was added in between. A Prometheus
 * counter may show this number, because it never decreases, whatever happens to the days. What
 * existed when the day was first seen does not count as added, unless the day began later. If a
 * total shrinks (retention, a deleted project, a corrected cost), counting continues from the
 * smaller total.
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

/** @param since all totals of days that began after this instant count as added */
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

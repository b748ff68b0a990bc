/** Totals of one day of one group, such as one model: by position, as the caller has named them. */
export interface DayTotals {
  /** The values of the labels, by position. */
  readonly labels: readonly string[];
  readonly totals: readonly number[];
}

/** What came to the totals of a group. */
export type Growth = DayTotals;

/**
 * Turns totals of days, which are read again and again, into what came to them in between. That is
 * what a counter of Prometheus may show: it never goes down, whatever happens to the days. What was
 * there when the day was first seen has not come since, unless the day began later. A total that
 * shrinks (retention, a deleted project, a cost that was corrected) counts from there on.
 */
export interface DayGrowth {
  /**
   * @param day its beginning, in epoch milliseconds
   * @returns an entry for each group, with zeros if nothing came
   */
  note(day: number, found: readonly DayTotals[]): Growth[];
  /** Forgets the days before this one. */
  forgetBefore(day: number): void;
}

/** @param since days that began before this instant are new to it as they are */
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

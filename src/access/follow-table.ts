import { CLOCK_SKEW_MS } from '../core/clock.ts';

/** A range of rows in key order. */
export interface Page {
  /** The key before the first one; null for the first page. */
  readonly after: string | null;
  readonly size: number;
}

/** A table whose active rows an instance keeps in memory. */
export interface FollowedTable<Row> {
  /**
   * All rows, active or not. Whether a row is active is not a condition of the query: some plans
   * would sort to read a page.
   */
  all(page: Page): Promise<readonly Row[]>;
  countActive(time: Date): Promise<number>;
  /** The rows created or changed after a time, active or not. */
  changed(since: Date, page: Page): Promise<readonly Row[]>;
  keyOf(row: Row): string;
  /** Applies the current version of a row. Returns whether it is active. */
  put(row: Row, time: Date): boolean;
  /** Drops everything whose key is not among these. */
  keep(keys: ReadonlySet<string>): void;
  /** Drops what is no longer active only because time has passed. Returns how many remain. */
  expire(time: Date): number;
}

/**
 * How far back changes are read: the clock of the instance that made a change may be behind, and
 * its transaction may have taken a while.
 */
const OVERLAP_MS = 2 * CLOCK_SKEW_MS;
/** Rows per statement. Prisma blocks the event loop for some milliseconds for a hundred. */
const PAGE = 100;
/** At the start, nothing waits for the event loop. */
const FIRST_PAGE = 5_000;
/** Rows written during the read make the counts differ. */
const ATTEMPTS = 3;

/** How often all rows are read in any case, but for at most a hundredth of the time. */
const ALL_EVERY_MS = 60_000;
const SHARE_OF_TIME = 1 / 100;

/**
 * Keeps an instance's copy of a table up to date. Reads recent changes, and then compares the
 * number of active rows. If the numbers differ (a row was deleted, or changed by a clock that is
 * far off), it reads all rows. Sometimes it reads all rows regardless: such a clock may have ended
 * one row and created another, which the number does not show.
 *
 * @param elapsed a monotonic clock, in milliseconds
 */
export function followTable<Row>(
  table: FollowedTable<Row>,
  elapsed: () => number,
): (now: number) => Promise<void> {
  let followedAt: number | null = null;
  let allDueAt = 0;

  async function eachOf(
    read: (page: Page) => Promise<readonly Row[]>,
    size: number,
    take: (row: Row) => void,
  ): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const rows: readonly Row[] = await read({ after, size });
      rows.forEach(take);
      const last = rows.at(-1);
      if (last === undefined || rows.length < size) return;
      after = table.keyOf(last);
    }
  }

  async function readAll(time: Date, size: number): Promise<void> {
    const start = elapsed();
    const keys = new Set<string>();
    await eachOf(table.all, size, (row) => {
      if (table.put(row, time)) keys.add(table.keyOf(row));
    });
    table.keep(keys);
    const end = elapsed();
    allDueAt = end + Math.max(ALL_EVERY_MS, (end - start) / SHARE_OF_TIME);
  }

  async function isComplete(since: Date, time: Date): Promise<boolean> {
    await eachOf(
      (page) => table.changed(since, page),
      PAGE,
      (row) => table.put(row, time),
    );
    return table.expire(time) === (await table.countActive(time));
  }

  return async (now) => {
    const time = new Date(now);
    if (followedAt === null) await readAll(time, FIRST_PAGE);
    else if (elapsed() >= allDueAt) await readAll(time, PAGE);
    else {
      const since = new Date(Math.min(followedAt, now) - OVERLAP_MS);
      let attempt = 0;
      while (!(await isComplete(since, time)))
        if (++attempt === ATTEMPTS) {
          await readAll(time, PAGE);
          break;
        }
    }
    followedAt = now;
  };
}

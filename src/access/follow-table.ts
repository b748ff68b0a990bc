import { CLOCK_SKEW_MS } from '../core/clock.ts';

/** A part of rows in the order of their keys. */
export interface Page {
  /** The key before the first one; null: the first page. */
  readonly after: string | null;
  readonly size: number;
}

/** A table of which an instance holds the active rows. */
export interface FollowedTable<Row> {
  /** All rows, active or not. Which ones are active is no condition: some plans would sort for a page. */
  all(page: Page): Promise<readonly Row[]>;
  countActive(time: Date): Promise<number>;
  /** The rows that were made or changed after a time, active or not. */
  changed(since: Date, page: Page): Promise<readonly Row[]>;
  keyOf(row: Row): string;
  /** Takes what a row says now. Returns whether it is active. */
  put(row: Row, time: Date): boolean;
  /** Lets go of what is held and not among these keys. */
  keep(keys: ReadonlySet<string>): void;
  /** Lets go of what is not active any more by its time alone. Returns how many are held. */
  expire(time: Date): number;
}

/**
 * How far back a change is looked for: the clock of the instance that made it may be behind, and its
 * transaction may have taken a while.
 */
const OVERLAP_MS = 2 * CLOCK_SKEW_MS;
/** Rows of a statement. Prisma holds the event loop for some milliseconds for a hundred. */
const PAGE = 100;
/** At the start nobody waits for the event loop. */
const FIRST_PAGE = 5_000;
/** Rows that are written while they are read make the counts differ. */
const ATTEMPTS = 3;

/** How often all rows are read in any case; never in more than a hundredth of the time. */
const ALL_EVERY_MS = 60_000;
const SHARE_OF_TIME = 1 / 100;

/**
 * Keeps what an instance holds of a table up to date. It reads what has changed of late, and then
 * compares the number of active rows. If the numbers differ (a row was deleted, or changed by a clock
 * that is far off), it reads all. Now and then it reads all without a reason: such a clock may have
 * ended one row and made another, and the number says nothing.
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

import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { batchesOf } from '../../core/batches.ts';
import { systemClock } from '../../core/clock.ts';
import type { QueryBuilder } from '../../storage/store.ts';
import {
  addTo,
  type Counters,
  type CountersOptions,
  once,
  removeEnded,
  SECONDS,
  type StoredWindow,
  WINDOWS,
} from './counters.ts';

/** How much of a day's counts a killed process loses. */
const SAVE_EVERY_MS = 5_000;
const ROWS_PER_STATEMENT = 500;

/**
 * Counts in memory, for a database that one process uses. Daily windows are saved periodically and
 * when the process ends, so that they outlast a restart; those of a minute are not. Loads nothing
 * before the first use.
 */
export function createLocalCounters({ query, log }: CountersOptions): Counters {
  let changed = new Set<string>();
  let opened: Record<'MINUTE' | 'DAY', RateLimiterMemory> | null = null;
  const limiters = once(async () => {
    const { RateLimiterMemory: Memory } = await import('rate-limiter-flexible');
    // `Budgets` knows the limits.
    const create = (duration: number) => new Memory({ keyPrefix: '', points: 0, duration });
    const made = { MINUTE: create(SECONDS.MINUTE), DAY: create(SECONDS.DAY) };
    made.DAY.restore({ version: 1, storage: await readWindows(query) });
    opened = made;
    return made;
  });

  async function save(): Promise<void> {
    if (opened === null || changed.size === 0) return;
    const ids = changed;
    changed = new Set();
    try {
      const windows = windowsOf(opened.DAY).filter(({ key }) => ids.has(key));
      for (const rows of batchesOf(windows, ROWS_PER_STATEMENT)) await writeWindows(query, rows);
      await removeEnded(query, systemClock.now());
    } catch (err) {
      for (const id of ids) changed.add(id);
      log.error({ err }, 'The usage of daily quotas could not be stored');
    }
  }

  return {
    async add(window, id, points) {
      const { [window]: limiter } = await limiters();
      if (window === 'DAY') changed.add(id);
      return addTo(limiter, { window, id, points });
    },
    run: (schedule) => schedule.repeat(SAVE_EVERY_MS, save),
    async close() {
      await save();
      // Each window has a timer.
      for (const limiter of Object.values(opened ?? {})) {
        for (const { key } of limiter.dump().storage) await limiter.delete(key);
      }
    },
  };
}

async function readWindows(query: QueryBuilder) {
  const rows: StoredWindow[] = await query
    .selectFrom(WINDOWS)
    .select(['key', 'points', 'expire'])
    .where('expire', '>', systemClock.now())
    .execute();
  return rows.map(({ key, points, expire }) => ({ key, value: points, expiresAt: expire }));
}

function windowsOf(limiter: RateLimiterMemory): StoredWindow[] {
  return limiter.dump().storage.flatMap(({ key, value, expiresAt }) => {
    return expiresAt === null ? [] : [{ key: String(key), points: value, expire: expiresAt }];
  });
}

async function writeWindows(query: QueryBuilder, rows: readonly StoredWindow[]): Promise<void> {
  await query
    .insertInto(WINDOWS)
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet(({ ref }) => ({
        points: ref('excluded.points'),
        expire: ref('excluded.expire'),
      })),
    )
    .execute();
}

import { CompiledQuery } from 'kysely';
import { systemClock } from '../../core/clock.ts';
import {
  addTo,
  type Counters,
  type CountersOptions,
  once,
  removeEnded,
  SECONDS,
  WINDOWS,
} from './counters.ts';

const CLEAN_EVERY_MS = 5 * 60_000;

/** What the library requires of a PostgreSQL client. */
interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Counts in the database, one statement each time, so that all instances share the count. Loads
 * nothing before the first use.
 */
export function createSharedCounters({ query, log }: CountersOptions): Counters {
  let used = false;
  const storeClient = {
    query: ({ text, values }: Statement) => query.executeQuery(CompiledQuery.raw(text, [...values])),
  };
  const limiters = once(async () => {
    const { RateLimiterPostgres } = await import('rate-limiter-flexible');
    const create = (duration: number) =>
      new RateLimiterPostgres({
        ...{ storeClient, storeType: 'client', tableName: WINDOWS, tableCreated: true },
        // Its timer would outlast the server, and hide errors.
        clearExpiredByTimeout: false,
        // `Budgets` knows the limits.
        ...{ keyPrefix: '', points: 0, duration },
      });
    return { MINUTE: create(SECONDS.MINUTE), DAY: create(SECONDS.DAY) };
  });

  return {
    async add(window, id, points) {
      used = true;
      const { [window]: limiter } = await limiters();
      return addTo(limiter, { window, id, points });
    },
    run: (schedule) =>
      schedule.repeat(CLEAN_EVERY_MS, async () => {
        if (!used) return;
        used = false;
        try {
          await removeEnded(query, systemClock.now());
        } catch (err) {
          log.error({ err }, 'Expired quota windows could not be removed');
        }
      }),
    close: () => Promise.resolve(),
  };
}

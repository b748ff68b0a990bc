import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Counters } from '../../src/access/budgets/counters.ts';
import { createLocalCounters } from '../../src/access/budgets/local-counters.ts';
import { createSharedCounters } from '../../src/access/budgets/shared-counters.ts';
import type { Store } from '../../src/storage/store.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestSchedule } from '../support/test-schedule.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

const rowsOf = ({ query }: Store) =>
  query.selectFrom('budget_windows').select(['key', 'points', 'expire']).orderBy('key').execute();

describeEachDatabase('counters', (database) => {
  const stores = useStores(database);
  const create = database.dialect === 'sqlite' ? createLocalCounters : createSharedCounters;

  async function open() {
    const store = await stores.open();
    const log: string[] = [];
    const counters: Counters = create({
      query: store.query,
      log: { error: (_, message) => log.push(message) },
    });
    const schedule = createTestSchedule();
    const repetition = counters.run(schedule);
    return { store, counters, log, schedule, repetition };
  }

  it('count in windows that begin at the first use', async () => {
    const { counters, repetition } = await open();
    expect(await counters.add('MINUTE', 'a', 3)).toEqual({ used: 3, endsAt: NOW + 60_000 });
    vi.setSystemTime(NOW + 59_999);
    expect(await counters.add('MINUTE', 'a', 4)).toEqual({ used: 7, endsAt: NOW + 60_000 });
    expect(await counters.add('MINUTE', 'a', -2)).toEqual({ used: 5, endsAt: NOW + 60_000 });
    expect(await counters.add('MINUTE', 'b', 1)).toMatchObject({ used: 1 });
    vi.setSystemTime(NOW + 60_000);
    expect(await counters.add('MINUTE', 'a', 1)).toEqual({ used: 1, endsAt: NOW + 120_000 });
    await repetition.stop();
    await counters.close();
  });

  it('are not blocked by windows that were opened while the clock was ahead', async () => {
    const { counters, repetition } = await open();
    vi.setSystemTime(NOW + 72 * HOUR_MS);
    await counters.add('MINUTE', 'a', 3);
    await counters.add('DAY', 'a-day', 3);
    vi.setSystemTime(NOW);
    expect(await counters.add('MINUTE', 'a', 4)).toEqual({ used: 4, endsAt: NOW + 60_000 });
    expect(await counters.add('DAY', 'a-day', 4)).toEqual({ used: 4, endsAt: NOW + 24 * HOUR_MS });
    expect(await counters.add('MINUTE', 'a', 1)).toMatchObject({ used: 5 });
    await repetition.stop();
    await counters.close();
  });

  it('count beyond 32 bits', async () => {
    const { counters, repetition } = await open();
    await counters.add('DAY', 'a', 1_000_000_000);
    await counters.add('DAY', 'a', 1_000_000_000);
    expect(await counters.add('DAY', 'a', 1_000_000_000)).toMatchObject({ used: 3_000_000_000 });
    await repetition.stop();
    await counters.close();
  });

  it('keep the windows of a day, and remove those that have ended', async () => {
    const { store, counters, schedule, log, repetition } = await open();
    await schedule.round();
    await counters.add('DAY', 'old', 3);
    await schedule.round();
    expect(await rowsOf(store)).toEqual([{ key: 'old', points: 3, expire: NOW + 24 * HOUR_MS }]);
    vi.setSystemTime(NOW + 12 * HOUR_MS);
    await counters.add('DAY', 'new', 5);
    vi.setSystemTime(NOW + 25 * HOUR_MS);
    await counters.add('DAY', 'new', 1);
    await schedule.round();
    expect(await rowsOf(store)).toEqual([{ key: 'new', points: 6, expire: NOW + 36 * HOUR_MS }]);
    await repetition.stop();
    await counters.close();
    expect([log, schedule.intervals]).toEqual([[], []]);
  });

  it('retry writes that failed', async () => {
    const { store, counters, schedule, log, repetition } = await open();
    await counters.add('DAY', 'a', 3);
    await store.query.schema.alterTable('budget_windows').renameTo('elsewhere').execute();
    await schedule.round();
    expect(log).toHaveLength(1);
    await store.query.schema.alterTable('elsewhere').renameTo('budget_windows').execute();
    await repetition.stop();
    await counters.close();
    expect(await rowsOf(store)).toMatchObject([{ key: 'a', points: 3 }]);
  });
});

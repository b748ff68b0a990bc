import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBudgets } from '../../src/access/budgets/budgets.ts';
import type { Count } from '../../src/access/budgets/counters.ts';
import type { Quotas } from '../../src/core/quotas.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const NONE: Quotas = { eventsPerMinute: null, eventsPerDay: null, queryCostPerMinute: null };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

/** Windows that all end a minute after `NOW`. Records what was added to them. */
function createCounting() {
  const used = new Map<string, number>();
  const added: [id: string, points: number][] = [];
  const add = async (_: string, id: string, points: number): Promise<Count> => {
    added.push([id, points]);
    used.set(id, (used.get(id) ?? 0) + points);
    return { used: used.get(id) ?? 0, endsAt: NOW + 60_000 };
  };
  return { added, counters: { add } as Parameters<typeof createBudgets>[0]['counters'] };
}

function open(own: Partial<Quotas>, address: Partial<Quotas> = {}) {
  const { added, counters } = createCounting();
  const budgets = createBudgets({
    counters,
    log: { error: (_, message) => expect.fail(message) },
    defaults: { key: NONE, address: { ...NONE, ...address } },
    ownQuotas: () => new Map([['k', { ...NONE, ...own }]]),
  });
  const account = () => budgets.accountOf('k', () => '192.0.2.1') ?? expect.fail('no quota applies');
  return { added, budgets, account };
}

const limited = (retryAfterMs: number, remaining: number) => ({
  code: 'RATE_LIMITED',
  details: { retryAfterMs, remaining },
});

it('refuses at least as many events as it just refused, for a second, without counting', async () => {
  const { added, account } = open({ eventsPerMinute: 10 });
  await account().takeEvents(7);
  await expect(account().takeEvents(5)).rejects.toMatchObject(limited(60_000, 3));
  const before = added.length;
  vi.setSystemTime(NOW + 999);
  await expect(account().takeEvents(4)).rejects.toMatchObject(limited(59_001, 3));
  expect(added).toHaveLength(before);
  // The events fit.
  await account().takeEvents(2);
  vi.setSystemTime(NOW + 1_000);
  await expect(account().takeEvents(4)).rejects.toMatchObject(limited(59_000, 1));
  expect(added.slice(before)).toEqual([
    ['key:k:eventsPerMinute', 2],
    ['key:k:eventsPerMinute', 4],
    ['key:k:eventsPerMinute', -4],
  ]);
});

it('takes from all quotas or from none, and shows what is left', async () => {
  const { added, account } = open({ queryCostPerMinute: 100 }, { queryCostPerMinute: 30 });
  const one = account();
  expect([one.costQuota?.limit, one.costQuota?.of]).toEqual([30, 'ADDRESS']);
  await one.takeQueryCost(20);
  expect(one.standings()).toMatchObject([
    { quota: { of: 'KEY' }, remaining: 80, resetAfterMs: 60_000 },
    { quota: { of: 'ADDRESS' }, remaining: 10, resetAfterMs: 60_000 },
  ]);
  await expect(account().takeQueryCost(11)).rejects.toMatchObject(limited(60_000, 10));
  expect(added.slice(2)).toEqual([
    ['key:k:queryCostPerMinute', 11],
    ['address:192.0.2.1:queryCostPerMinute', 11],
    ['key:k:queryCostPerMinute', -11],
    ['address:192.0.2.1:queryCostPerMinute', -11],
  ]);
});

it('refunds what was taken, but not to the next window', async () => {
  const { added, account } = open({ eventsPerMinute: 10 });
  const giveBack = await account().takeEvents(7);
  await giveBack();
  expect(added.at(-1)).toEqual(['key:k:eventsPerMinute', -7]);
  const late = await account().takeEvents(7);
  vi.setSystemTime(NOW + 60_000);
  await late();
  expect(added.at(-1)).toEqual(['key:k:eventsPerMinute', 7]);
});

it('counts nothing if no quota is set', () => {
  const { budgets } = open({ eventsPerMinute: 10 });
  const address = () => expect.fail('nobody asks for the address');
  expect(budgets.accountOf('another', address)).toBeNull();
  expect(budgets.accountOf(null, address)).toBeNull();
  expect(budgets.accountOf('k', address)).not.toBeNull();
});

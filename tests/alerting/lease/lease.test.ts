import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLease, type Lease } from '../../../src/alerting/lease/lease.ts';
import { SHARED, whileHolding } from '../../../src/alerting/lease/open-lease.ts';
import { useStore } from '../../analytics/support/open-store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { createTestClock } from '../../support/test-clock.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DURATION = 30 * SECOND;

describeEachDatabase('a lease', (database) => {
  const opened = useStore(database);
  let names = 0;

  /** Two instances, each with its own clock. */
  function contend() {
    const name = `work-${++names}`;
    const instance = (holder: string): Lease & { readonly clock: ReturnType<typeof createTestClock> } => {
      const clock = createTestClock('2026-11-22T12:00:00Z');
      const { store } = opened;
      return { ...createLease({ store, clock, name, holder, durationMs: DURATION }), clock };
    };
    return [instance('one'), instance('other')] as const;
  }

  it('belongs to one holder until it has not been renewed for its duration', async () => {
    const [one, other] = contend();
    expect([await one.hold(), await other.hold()]).toEqual([true, false]);
    other.clock.advance(DURATION - 1);
    expect(await other.hold()).toBe(false);
    other.clock.advance(1);
    expect([await other.hold(), await one.hold()]).toEqual([true, false]);
    await other.release();
    expect(await one.hold()).toBe(true);
  });

  it('that was taken before the clock was set back has ended', async () => {
    const [one, other] = contend();
    expect(await one.hold()).toBe(true);
    other.clock.advance(-HOUR);
    expect(await other.hold()).toBe(true);
  });

  it('that was renewed by a clock that is ahead is still held', async () => {
    const [one, other] = contend();
    one.clock.advance(5 * SECOND);
    expect([await one.hold(), await other.hold()]).toEqual([true, false]);
  });

  it('of an instance of an earlier version, which lasts 30 seconds, is respected', async () => {
    const name = `work-${++names}`;
    const clock = createTestClock('2026-11-22T12:00:00Z');
    const of = (holder: string, durationMs: number) =>
      createLease({ store: opened.store, clock, name, holder, durationMs });
    expect(await of('former', 30 * SECOND).hold()).toBe(true);
    const present = of('present', SHARED.durationMs);
    expect([await present.hold(), await present.state()]).toEqual([false, 'HELD']);
    clock.advance(30 * SECOND);
    expect(await present.hold()).toBe(true);
  });

  it('is not waited for longer than twice its duration, however far the clock was set back', async () => {
    const [one, other] = contend();
    expect(await one.hold()).toBe(true);
    other.clock.advance(-DURATION);
    expect(await other.hold()).toBe(false);
    other.clock.advance(2 * DURATION);
    expect(await other.hold()).toBe(true);
  });
});

describe('work that holds a lease', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('releases it after the last renewal, which would take it again', async () => {
    const calls: string[] = [];
    const lease: Lease = {
      async hold() {
        calls.push('hold');
        if (calls.length > 1) await new Promise((resolve) => setTimeout(resolve, SECOND));
        calls.push('held');
        return true;
      },
      release: async () => void calls.push('release'),
      state: async () => 'HELD',
    };
    // The lease ends during the renewal.
    const work = () => new Promise<void>((resolve) => setTimeout(resolve, SHARED.renewEveryMs + 1));
    const done = whileHolding(lease, work);
    await vi.advanceTimersByTimeAsync(SHARED.renewEveryMs + SECOND);
    expect(await done).toBe(true);
    expect(calls).toEqual(['hold', 'held', 'hold', 'held', 'release']);
  });
});

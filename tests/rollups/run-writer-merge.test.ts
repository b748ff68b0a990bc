import { expect, test } from 'vitest';
import { openLease, UNHURRIED } from '../../src/alerting/lease/open-lease.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { runWriterMerge } from '../../src/rollups/run-writer-merge.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { createTestSchedule } from '../support/test-schedule.ts';

const log = { info: () => undefined, error: () => undefined };

describeOnlyOn('postgresql', 'the merge of cells', (database) => {
  const opened = useStore(database);

  test('stays with one instance until that instance stops', async () => {
    const clock = createTestClock('2026-11-22T12:00:00Z');
    const start = () => {
      const schedule = createTestSchedule();
      const lease = openLease({ store: opened.store, clock, ids: createIdSource(clock) }, 'cells', UNHURRIED);
      let runs = 0;
      const run = async (shouldContinue: () => Promise<boolean>) => {
        if (await shouldContinue()) runs++;
        return 0;
      };
      const repetition = runWriterMerge({ run }, { schedule, log, lease });
      return { round: schedule.round, stop: repetition.stop, runs: () => runs };
    };
    const [one, other] = [start(), start()];
    for (let minutes = 0; minutes < 15; minutes += 5) {
      for (const { round } of [one, other]) await round();
      clock.advance(5 * 60_000);
    }
    expect([one.runs(), other.runs()]).toEqual([3, 0]);
    await one.stop();
    await other.round();
    expect(other.runs()).toBe(1);
  });
});

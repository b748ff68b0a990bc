import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { resumeTail } from '../../src/instances/resume-tail.ts';
import { createLive } from '../../src/live/create-live.ts';
import { readCommitted } from '../../src/storage/arrivals.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { createCitusFunctions } from '../../src/storage/dialect/postgresql/citus/functions.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeOnlyOn } from '../support/databases.ts';

describeOnlyOn(
  'postgresql',
  'an append that is under way, where nodes commit one after another',
  (database) => {
    const stores = useStores(database);

    test('is not known to be complete, and no earlier append is missed', async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url);
      const [first, second, third] = [callRow(), callRow(), callRow()];
      for (const row of [first, second]) await store.append([callGroup(row)]);
      // The functions for distributed tables, whose locks are the same.
      const { appending } = createCitusFunctions(new Set());
      const reading = { query: store.query, functions: { ...store.functions, appending } };
      expect(await readCommitted(reading, llmCalls)).toEqual({ last: { 0: 2 }, whole: { 0: 2 } });

      const holder = await openMigrationConnection(url);
      try {
        await holder.script(`begin; lock table ${llmCalls.table} in share mode`);
        const appended = store.append([callGroup(third)]);
        // The second append may be the one whose rows a node lacks.
        await expect
          .poll(() => readCommitted(reading, llmCalls))
          .toEqual({ last: { 0: 2 }, whole: { 0: 1 } });
        const live = createLive();
        const tail = resumeTail({
          ...{ store: reading, dataset: llmCalls, accepts: () => true, after: { 0: 0 } },
          subscribe: (accepts) => live.subscribe(llmCalls.topic, { accepts }),
          ...{ published: () => ({}), findPublished: () => {} },
        });
        const next = async () => (await tail.next()).value?.event;
        expect([await next(), await next()]).toEqual([first, second]);
        const later = next();
        await expect.poll(() => live.hasSubscribers(llmCalls.topic)).toBe(true);
        await holder.script('rollback');
        await appended;
        live.publish(llmCalls.topic, [third]);
        expect(await later).toEqual(third);
        expect(await readCommitted(reading, llmCalls)).toEqual({ last: { 0: 3 }, whole: { 0: 3 } });
        await tail.return?.();
      } finally {
        await holder.close();
      }
    });
  },
);

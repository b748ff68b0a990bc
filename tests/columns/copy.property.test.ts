import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, NOON } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { calls, correct, expire, removeProject } from './support/changes.ts';
import { useCopiedStores } from './support/copied-stores.ts';
import { storedRows, type TestCopy } from './support/copies.ts';

const projects = fc.constantFrom('default', 'b', 'c');

/** The events in the life of a database and its copy. */
type Step =
  | { readonly kind: 'append'; readonly writer: number; readonly projectId: string; readonly count: number }
  | { readonly kind: 'remove' | 'expire'; readonly projectId: string }
  | { readonly kind: 'correct' }
  | { readonly kind: 'feed' | 'feed and ask' | 'tidy' | 'open' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      writer: fc.nat(1),
      projectId: projects,
      count: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('remove', 'expire'), projectId: projects }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('feed', 'feed', 'feed and ask', 'tidy', 'open') }),
  },
);

/** A copy that lacks more than a page must fill much, and stores that in one transaction. */
const SMALL = { pageRows: 5, mostRowsBehind: 6 };

describeEachDatabase('the columnar copy', (database) => {
  const { stores, open, openBoth } = useCopiedStores(database);

  test('has the rows in the end, whatever happens to them meanwhile', { timeout: 120_000 }, async () => {
    const { url, store, copy: first } = await openBoth(SMALL);
    const writers = [store, await stores.open(url)];
    let copy = first;
    let now = NOON;
    /** The last calls of the project whose calls are corrected. */
    let correctable: readonly Row[] = [];

    async function take(step: Step): Promise<unknown> {
      switch (step.kind) {
        case 'append': {
          now++;
          const { projectId } = step;
          const rows = calls(step.count, { projectId, timestamp: now, receivedAt: now });
          const writer = writers[step.writer] as Store;
          if (projectId === 'default') correctable = rows;
          await writer.append([callGroup(...rows)]);
          // Some calls arrive twice.
          return writer.append([callGroup(...rows.slice(1))]);
        }
        case 'remove':
          return removeProject(store, step.projectId);
        case 'expire':
          return expire(store, step.projectId, now);
        case 'open':
          await copy.close();
          copy = await open(url, SMALL);
          return expect(copy.problems).toEqual([]);
        case 'correct':
          return correctable.length > 0 && correct(store, correctable, now);
        case 'feed':
          return copy.feed();
        case 'feed and ask':
          return Promise.all([copy.feed(), copy.catchUp(llmCalls.name), copy.catchUp(errorLogs.name)]);
        case 'tidy':
          return copy.tidy();
      }
    }
    async function expectEqual(checked: TestCopy): Promise<void> {
      while (await checked.feed());
      expect(await checked.catchUp(llmCalls.name)).toBeNull();
      await checked.tidy();
      expect(await checked.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
    }

    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 30, size: 'max' }), async (taken) => {
        for (const step of taken) await take(step);
        await expectEqual(copy);
      }),
      // The database stays as a failure left it, so nothing smaller would fail in the same way.
      { numRuns: 5, endOnFailure: true },
    );
  });
});

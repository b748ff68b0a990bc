import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { callGroup, NOON } from '../storage/support/calls.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { calls, expire, removeProject } from './support/changes.ts';
import { useCopiedStores } from './support/copied-stores.ts';
import { storedRows } from './support/copies.ts';

/** Rows of PostgreSQL from before the migration that added numbers; those of SQLite have some. */
describeOnlyOn('postgresql', 'the columnar copy of rows without numbers', (database) => {
  const { open, openBoth } = useCopiedStores(database);

  async function openOld(options = {}) {
    const both = await openBoth(options);
    const old = { timestamp: NOON - 1_000, receivedAt: NOON - 1_000 };
    await both.store.append([callGroup(...calls(6), ...calls(5, old), ...calls(3, { projectId: 'shop' }))]);
    await both.store.query.updateTable(llmCalls.table).set({ arrival: null }).execute();
    await both.store.append([callGroup(...calls(3), ...calls(1, { projectId: 'shop' }))]);
    return both;
  }

  test('continues with rows without a number, page by page', async () => {
    const { url, store, copy } = await openOld({ pageRows: 4 });
    expect(await copy.catchUp('llmCalls')).toBe('the columns are being filled');
    await copy.feed();
    await copy.close();
    const again = await open(url, { pageRows: 4 });
    expect(again.problems).toEqual([]);
    expect(await again.rowsOf(llmCalls)).toHaveLength(8);
    while (await again.feed());
    expect(await again.catchUp('llmCalls')).toBeNull();
    expect(await again.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  });

  test('follows removals while it copies rows that have no number', async () => {
    const { store, copy, expectEqual } = await openOld({ pageRows: 4 });
    await copy.feed();
    await expire(store, 'default', NOON);
    await removeProject(store, 'shop');
    await store.append([callGroup(...calls(2, { projectId: 'shop' }))]);
    while (await copy.feed());
    await copy.tidy();
    expect(await expectEqual()).toBe(6 + 3 + 2);
    await removeProject(store, 'shop');
    expect(await expectEqual()).toBe(6 + 3);
  });

  test('is rebuilt if the database is a backup from before the migration', async () => {
    const { url, store, copy } = await openOld();
    expect(await copy.catchUp('llmCalls')).toBeNull();
    await copy.close();
    await store.query
      .updateTable('_prisma_migrations')
      .set({ id: randomUUID() })
      .where('migration_name', '=', '0020_arrivals')
      .execute();
    const again = await open(url);
    expect(again.problems).toEqual([expect.stringMatching(/another database/)]);
  });
});

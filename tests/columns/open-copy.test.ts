import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { messageOf } from '../../src/core/thrown.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, idOf, NOON } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { calls, correct, expire, remove, removeProject } from './support/changes.ts';
import { type CopiedStore, useCopiedStores } from './support/copied-stores.ts';
import { giveCopy, storedRows, type TestCopy } from './support/copies.ts';
import { madeUpRows } from './support/made-up-rows.ts';

describeEachDatabase('a columnar copy that is opened again', (database) => {
  const { stores, open, openBoth, openClosed, expectAnew } = useCopiedStores(database);

  test('continues where it was', async () => {
    const { url, store } = await openClosed();
    const copy = await open(url);
    expect(copy.problems).toEqual([]);
    expect(await copy.rowsOf(llmCalls)).toHaveLength(6);
    await store.append([callGroup(...calls(2))]);
    expect(await copy.catchUp('llmCalls')).toBeNull();
    expect(await copy.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  });

  test('is rebuilt if the database is another one', async () => {
    const { url } = await openClosed();
    const other = await openClosed();
    await giveCopy(url, other.url);
    await expectAnew(other.url, other.store, /another database/);
  });

  /** A current backup, with the copy in its state after the work. */
  async function backUpBefore(both: CopiedStore, work: (store: Store, copy: TestCopy) => Promise<unknown>) {
    await both.copy.close();
    await stores.close(both.store);
    const backup = await database.createCopyUrl(both.url);
    const [store, copy] = [await stores.open(both.url), await open(both.url)];
    expect(copy.problems).toEqual([]);
    await work(store, copy);
    await copy.close();
    await giveCopy(both.url, backup);
    return backup;
  }
  const add = (values: object) => async (store: Store, copy: TestCopy) => {
    await store.append([callGroup(...calls(2, values))]);
    expect(await copy.catchUp('llmCalls')).toBeNull();
  };

  test.each<[string, (store: Store, copy: TestCopy) => Promise<unknown>]>([
    ['events that the copy has', add({})],
    ['old events that the copy has', add({ timestamp: NOON - 9e9, receivedAt: NOON - 9e9 })],
    [
      'the copy has removed a project',
      async (store, copy) => {
        await removeProject(store, 'shop');
        return copy.catchUp('llmCalls');
      },
    ],
    [
      'the copy has a correction',
      async (store, copy) => {
        await correct(store, [callRow({})], 1);
        return copy.catchUp('llmCalls');
      },
    ],
    [
      'the copy has removed what expired',
      async (store, copy) => {
        await expire(store, 'shop', NOON + 1_000);
        return copy.tidy();
      },
    ],
  ])('is rebuilt if the database is a backup from before %s', async (_, work) => {
    const both = await openBoth();
    await both.store.append([callGroup(...calls(3, { projectId: 'shop' }), ...calls(2))]);
    await both.expectEqual();
    const backup = await backUpBefore(both, work);
    await expectAnew(backup, await stores.open(backup), /another database/);
  });

  test('is rebuilt if the database is an older backup with other events since', async () => {
    const both = await openBoth();
    await both.store.append([callGroup(...calls(6))]);
    await both.expectEqual();
    const backup = await backUpBefore(both, add({}));
    const restored = await stores.open(backup);
    await restored.append([callGroup(...calls(9))]);
    await expectAnew(backup, restored, /another database/);
  });

  test.each<[string, (store: Store) => Promise<unknown>]>([
    ['expired', (store) => expire(store, 'default', NOON + 1_000)],
    ['are of a project that was removed', (store) => removeProject(store, 'default')],
    [
      'are of a project that is being removed',
      async (store) => {
        const [projectId, at] = ['default', new Date(NOON)];
        const project = { projectId, name: projectId, createdAt: at, updatedAt: at, deletingAt: at };
        await store.prisma.project.upsert({ where: { projectId }, create: project, update: project });
        await store.query.deleteFrom(llmCalls.table).execute();
      },
    ],
  ])('stays if the missing rows %s', async (_, work) => {
    const { url, store } = await openClosed();
    await store.append([{ parts: [{ dataset: errorLogs, rows: madeUpRows(errorLogs, 1) }] }]);
    await work(store);
    const again = await open(url);
    expect(again.problems).toEqual([]);
    expect(await again.catchUp('errorLogs')).toBeNull();
  });

  test('stays if rows with the same keys came since, after the first ones were removed', async () => {
    const both = await openBoth();
    const ofShop = calls(1, { projectId: 'shop' });
    const old = { id: randomUUID(), timestamp: NOON - 9e9 };
    await both.store.append([callGroup(...ofShop, callRow({ ...old, receivedAt: NOON - 9e9 }))]);
    await both.expectEqual();
    await both.copy.close();
    await removeProject(both.store, 'shop');
    await expire(both.store, 'default', NOON - 8e9);
    await both.store.append([callGroup(...calls(1)), callGroup(...ofShop, callRow(old))]);
    const again = await open(both.url);
    expect(again.problems).toEqual([]);
    expect(await again.catchUp('llmCalls')).toBeNull();
    await again.tidy();
    expect(await again.rowsOf(llmCalls)).toEqual(await storedRows(both.store, llmCalls));
  });

  test('is rebuilt if rows are missing for an unknown reason', async () => {
    const { url, store } = await openClosed();
    const [kept = expect.unreachable()] = calls(1);
    await store.append([callGroup(kept)]);
    await store.query.deleteFrom(llmCalls.table).where('id', '!=', idOf(kept)).execute();
    await expectAnew(url, store, /another database/);
  });

  if (database.dialect === 'postgresql') {
    /** The same as when the server fails and another one takes over. */
    const breakConnection = (store: Store) =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'telltale columns' and datname = current_database()`.execute(store.query);

    test('continues after its connection has broken', async () => {
      const { store, copy, expectEqual } = await openBoth();
      await store.append([callGroup(...calls(3))]);
      await expectEqual();
      await breakConnection(store);
      await store.append([callGroup(...calls(3))]);
      await expect.poll(() => copy.catchUp('llmCalls').catch(messageOf)).toBeNull();
      expect(await expectEqual()).toBe(6);
    });

    test('notices when a server takes over that lacks what was copied', async () => {
      const { url, store, copy, expectEqual } = await openBoth();
      const lost = calls(2);
      await store.append([callGroup(...calls(3))]);
      await store.append([callGroup(...lost)]);
      await expectEqual();
      await breakConnection(store);
      await remove(store, lost);
      await expect
        .poll(() => copy.catchUp('llmCalls').catch(messageOf))
        .toBe('it belongs to another database');
      await copy.close();
      await expectAnew(url, store, /another database/);
    });
  }
});

import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { MAX_ROWS_BEHIND } from '../../src/columns/row-source.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, NOON } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { calls, correct, expire, remove, removeProject } from './support/changes.ts';
import { useCopiedStores } from './support/copied-stores.ts';
import { storedRows } from './support/copies.ts';
import { madeUpRows } from './support/made-up-rows.ts';

describeEachDatabase('the columnar copy', (database) => {
  const { stores, open, openBoth } = useCopiedStores(database);

  test('has the same values as the rows in every held column of every dataset', async () => {
    const { store, copy, expectEqual } = await openBoth({ datasets });
    for (const dataset of datasets) {
      await store.append([{ parts: [{ dataset, rows: madeUpRows(dataset, 12) }] }]);
    }
    while (await copy.feed());
    for (const dataset of datasets) expect(await expectEqual(dataset)).toBe(12);
  });

  test('is up to date when it says so: with pages, late rows, and rows that come twice', async () => {
    const { store, copy, expectEqual } = await openBoth({ pageRows: 3 });
    expect(await expectEqual()).toBe(0);
    const first = calls(10);
    await store.append([callGroup(...first)]);
    expect(await expectEqual()).toBe(10);
    await store.append([callGroup(...first), callGroup(...calls(1, { timestamp: NOON - 86_400_000 }))]);
    expect(await expectEqual()).toBe(11);
    // Several at the same time wait for the same pages.
    await store.append([callGroup(...calls(20))]);
    expect(await Promise.all([1, 2, 3].map(() => copy.catchUp('llmCalls')))).toEqual([null, null, null]);
    expect(await expectEqual()).toBe(31);
  });

  test('follows when the newest rows are removed and new ones come', async () => {
    const { store, expectEqual } = await openBoth({ pageRows: 3 });
    await store.append([callGroup(...calls(10))]);
    await expectEqual();
    const newest = calls(5);
    await store.append([callGroup(...newest)]);
    await remove(store, newest);
    await store.append([callGroup(...calls(7))]);
    expect(await expectEqual()).toBe(17);
  });

  test('has what each of two writers stored, as soon as that is acknowledged', async () => {
    const { url, store, copy, expectEqual } = await openBoth({ pageRows: 7 });
    const write = async (writer: Store, model: string) => {
      for (let round = 1; round <= 12; round++) {
        await writer.append([callGroup(...calls(5, { model })), callGroup(...calls(round % 3))]);
        expect(await copy.catchUp('llmCalls')).toBeNull();
        const own = (await copy.rowsOf(llmCalls)).filter((row) => row['model'] === model);
        expect(own).toHaveLength(5 * round);
      }
    };
    await Promise.all([write(store, 'one'), write(await stores.open(url), 'other')]);
    expect(await expectEqual()).toBe(2 * (12 * 5 + 4 * (1 + 2)));
  });

  test('drops the rows of a removed project before those of the next one with that name', async () => {
    const { store, expectEqual } = await openBoth({ pageRows: 3 });
    await store.append([callGroup(...calls(4, { projectId: 'shop' }), ...calls(2))]);
    await expectEqual();
    await store.append([callGroup(...calls(4, { projectId: 'shop' }))]);
    await removeProject(store, 'shop');
    await store.append([callGroup(...calls(3, { projectId: 'shop' }))]);
    expect(await expectEqual()).toBe(5);
  });

  test('drops what retention has removed, and keeps what retention keeps', async () => {
    const { store, copy, expectEqual } = await openBoth();
    const old = { timestamp: NOON - 1_000, receivedAt: NOON - 1_000 };
    await store.append([
      callGroup(...calls(3, old), ...calls(1, { ...old, receivedAt: NOON }), ...calls(2)),
      callGroup(...calls(1, { ...old, projectId: 'other' })),
    ]);
    await expectEqual();
    await expire(store, 'default', NOON);
    await copy.tidy();
    expect(await expectEqual()).toBe(4);
  });

  test('takes corrections of rows that it has, and of rows that it has yet to copy', async () => {
    const { url, store, copy, expectEqual } = await openBoth({ pageRows: 3 });
    const rows = calls(8);
    await store.append([callGroup(...rows.slice(0, 2), ...calls(1, { projectId: 'other' }))]);
    await correct(store, rows.slice(0, 1), 1);
    expect(await expectEqual()).toBe(3);
    await store.append([callGroup(...rows.slice(2))]);
    await correct(store, rows.slice(1, 5), 2);
    expect(await expectEqual()).toBe(9);
    await correct(store, rows.slice(0, 2), null);
    await correct(store, rows.slice(7), 7);
    expect(await expectEqual()).toBe(9);
    await copy.close();
    const again = await open(url);
    expect(again.problems).toEqual([]);
    expect(await again.catchUp('llmCalls')).toBeNull();
    expect(await again.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  });

  test('does not let a question wait for longer than allowed', async () => {
    const { store, copy, expectEqual } = await openBoth({ pageRows: 10, settings: { patienceMs: 0 } });
    for (let append = 0; append < 2; append++) await store.append([callGroup(...calls(10))]);
    expect(await copy.catchUp('llmCalls')).toBe('the columns are up to 10 events behind');
    while (await copy.feed());
    expect(await expectEqual()).toBe(20);
  });

  test('takes smaller pages if one does not fit into memory, and reports that', async () => {
    const settings = { memoryBytes: 24 * 1024 ** 2 };
    const { store, copy, expectEqual } = await openBoth({ settings });
    const attributes = JSON.stringify({ text: 'x'.repeat(8_000) });
    for (let append = 0; append < 8; append++) {
      await store.append([callGroup(...calls(128, { attributes }))]);
    }
    while (await copy.feed());
    expect(await expectEqual()).toBe(1_024);
    expect(copy.problems).toContainEqual(expect.stringMatching(/^\d+ llmCalls exceed COLUMN_STORE_MEMORY/));
  });

  test('is filled in one transaction, and takes what comes meanwhile', async () => {
    const rests: (() => Promise<void>)[] = [];
    const pace = {
      rest: async () => {
        await rests.shift()?.();
        return false;
      },
    };
    const { url, store, copy, expectEqual } = await openBoth({ pageRows: 5, mostRowsBehind: 20, pace });
    // On PostgreSQL, rows of one append arrive together.
    const append = async (rows: Row[]) => {
      for (let first = 0; first < rows.length; first += 5)
        await store.append([callGroup(...rows.slice(first, first + 5))]);
    };
    const rows = calls(40);
    await append(rows);
    expect(await copy.feed()).toBe(true);
    const nothing = async () => {};
    let asked: Promise<string | null> = Promise.resolve('');
    rests.push(nothing, nothing, nothing, async () => {
      // Of 25 rows, those of the first page are visible.
      expect(await copy.rowsOf(llmCalls)).toHaveLength(5);
      await store.append([{ parts: [{ dataset: errorLogs, rows: madeUpRows(errorLogs, 3) }] }]);
      expect(await expectEqual(errorLogs)).toBe(3);
      await correct(store, rows.slice(18, 32), 5);
      // It waits, and copies none of the rows again.
      asked = copy.catchUp('llmCalls');
    });
    await copy.feed();
    expect(await asked).toBeNull();
    expect(await expectEqual()).toBe(40);

    // Rows that are not stored when it ends are copied again.
    await append(calls(40));
    await copy.feed();
    let closed = Promise.resolve();
    rests.push(nothing, async () => {
      closed = copy.close();
    });
    await copy.feed().catch(() => undefined);
    await closed;
    const again = await open(url);
    expect(again.problems).toEqual([]);
    expect(await again.catchUp('llmCalls')).toBeNull();
    expect(await again.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  });

  test('does not rest while few rows are missing', async () => {
    const rests: number[] = [];
    const pace = { rest: async (workedMs: number) => rests.push(workedMs) > 0 };
    const { store, copy, expectEqual } = await openBoth({ pageRows: 10, pace });
    await store.append([callGroup(...calls(30))]);
    while (await copy.feed());
    expect(rests).toEqual([]);
    expect(copy.isFarBehind()).toBe(false);
    expect(await expectEqual()).toBe(30);
  });

  if (database.dialect === 'sqlite') {
    test('does not let a question wait for very many rows', async () => {
      let rests = 0;
      const pace = { rest: async () => ++rests > 0 };
      const { store, copy, expectEqual } = await openBoth({ pageRows: 10, pace });
      await store.append([callGroup(...calls(40))]);
      const last = MAX_ROWS_BEHIND + 100;
      await store.query.updateTable('arrivals').set({ last }).execute();
      expect(await copy.catchUp('llmCalls')).toBe('the columns are more than 50,000 events behind');
      expect(await copy.feed()).toBe(true);
      // Other work runs first meanwhile.
      expect({ rests, isFarBehind: copy.isFarBehind() }).toEqual({ rests: 1, isFarBehind: true });
      // A query copies nothing of it, because it would take the time that the feed leaves to
      // queries.
      const copied = copy.copied();
      expect(await copy.catchUp('llmCalls')).toBe('the columns are more than 50,000 events behind');
      expect(copy.copied()).toBe(copied);
      while (await copy.feed());
      expect(copy.isFarBehind()).toBe(false);
      expect(await expectEqual()).toBe(40);
    });

    test('identifies rows by numbers that a vacuum keeps', async () => {
      const { store, expectEqual } = await openBoth();
      const rows = calls(8);
      await store.append([callGroup(...rows)]);
      await remove(store, rows.slice(1, 4));
      const numbered = () =>
        store.query
          .selectFrom(llmCalls.table)
          .select([sql`rowid`.as('number'), 'id'])
          .orderBy('id')
          .execute();
      const before = await numbered();
      await sql`vacuum`.execute(store.query);
      expect(await numbered()).toEqual(before);
      expect(await expectEqual()).toBe(5);
    });
  } else {
    test('closes while the database blocks its reading', async () => {
      const { store, copy } = await openBoth();
      await store.query.transaction().execute(async (transaction) => {
        await sql`lock table llm_calls in access exclusive mode`.execute(transaction);
        const failed = expect(copy.catchUp('llmCalls')).rejects.toThrow(/connection/i);
        await copy.close();
        await failed;
      });
    });
  }
});

import { copyFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { MOST_ROWS_BEHIND } from '../../src/columns/copy.ts';
import { copyFileOf } from '../../src/columns/copy-path.ts';
import type { Column } from '../../src/core/dataset/column.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, idOf, NOON, rowOf } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { uuidOf } from '../support/events.ts';
import { describeSqlite, storedRows, type TestCopy, useCopies } from './support/copies.ts';

const TEXTS = ['a', '"quoted", [1]', 'é🙂', '\uffee', 'line\nbreak\\', 'null', '0', ' '];
const NUMBERS = [0, 0.1, 1e-300, 9_007_199_254_740_991, 123.456];

/** Different values in each row, among them what JSON has to escape and what is easily rounded. */
function madeUp(column: Column, row: number) {
  if (column.optional && row % 4 === 3) return null;
  switch (column.kind) {
    case 'uuid':
      return uuidOf(row + 1);
    case 'timestamp':
      return NOON + row;
    case 'integer':
      return row % 2 === 0 ? 2_147_483_647 : row;
    case 'money':
      return 9_000_000_000_000_000 - row;
    case 'float':
      return NUMBERS[row % NUMBERS.length] ?? 0;
    case 'boolean':
      return row % 2 === 0;
    case 'enum':
      return Object.keys(column.values ?? {})[row % 2] ?? '';
    case 'json':
      return '{}';
    case 'texts':
      return '["a"]';
    default:
      return column.name === 'projectId' ? 'default' : (TEXTS[row % TEXTS.length] ?? '');
  }
}

const madeUpRows = (dataset: Dataset, count: number) =>
  Array.from({ length: count }, (_, row) =>
    rowOf(dataset, Object.fromEntries(dataset.columns.map((column) => [column.name, madeUp(column, row)]))),
  );

const calls = (count: number, values = {}) => Array.from({ length: count }, () => callRow(values));
const removeNewest = (store: Store, count: number) =>
  store.query
    .deleteFrom(llmCalls.table)
    .where(sql<boolean>`rowid in (select rowid from llm_calls order by rowid desc limit ${count})`)
    .execute();

describeSqlite('the copy by columns', (database) => {
  const stores = useStores(database);
  const open = useCopies();

  async function openBoth(options = {}) {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    const copy = await open(url, options);
    const expectEqual = async (dataset: Dataset = llmCalls) => {
      expect(await copy.catchUp(dataset.name)).toBeNull();
      const stored = await storedRows(store, dataset);
      expect(await copy.rowsOf(dataset)).toEqual(stored);
      return stored.length;
    };
    return { url, store, copy, expectEqual };
  }

  test('has every held column of every dataset as the rows have it', async () => {
    const { store, copy, expectEqual } = await openBoth();
    for (const dataset of datasets) {
      await store.append([{ parts: [{ dataset, rows: madeUpRows(dataset, 12) }] }]);
    }
    while (await copy.feed());
    for (const dataset of datasets) expect(await expectEqual(dataset)).toBe(12);
  });

  test('is up to date when it says so: pages, late rows, rows that come twice', async () => {
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
    await store.append([callGroup(...calls(5))]);
    await removeNewest(store, 5);
    await store.append([callGroup(...calls(7, { model: 'new' }))]);
    expect(await expectEqual()).toBe(17);
  });

  test('drops the rows of a removed project before those of the next one of that name', async () => {
    const { store, expectEqual } = await openBoth({ pageRows: 3 });
    await store.append([callGroup(...calls(4, { projectId: 'shop' }), ...calls(2))]);
    await expectEqual();
    await store.append([callGroup(...calls(4, { projectId: 'shop' }))]);
    await store.query.deleteFrom(llmCalls.table).where('project_id', '=', 'shop').execute();
    await store.prisma.projectRemoval.create({ data: { projectId: 'shop' } });
    await store.append([callGroup(...calls(3, { projectId: 'shop', model: 'new' }))]);
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
    const horizon = { projectId: 'default', dataset: 'llmCalls', source: 'RAW', dimensionSet: '' };
    await store.prisma.retentionHorizon.create({ data: { ...horizon, instant: NOON } });
    await store.query
      .deleteFrom(llmCalls.table)
      .where('project_id', '=', 'default')
      .where('received_at', '<', NOON)
      .execute();
    await copy.tidy();
    expect(await expectEqual()).toBe(4);
  });

  test('does not let a question wait for very many rows', async () => {
    const { store, copy, expectEqual } = await openBoth({ pageRows: 10 });
    await store.append([callGroup(...calls(20))]);
    await store.query
      .updateTable('arrivals')
      .set({ last: MOST_ROWS_BEHIND + 100 })
      .execute();
    expect(await copy.catchUp('llmCalls')).toBe('the columns are up to 50,090 events behind');
    while (await copy.feed());
    expect(await expectEqual()).toBe(20);
  });

  describe('opened again', () => {
    async function closed() {
      const both = await openBoth();
      await both.store.append([callGroup(...calls(6))]);
      await both.expectEqual();
      await both.copy.close();
      return both;
    }
    async function expectAnew(url: string, store: Store, said: RegExp) {
      const copy = await open(url);
      expect(copy.problems).toEqual([expect.stringMatching(said)]);
      expect(await copy.rowsOf(llmCalls)).toEqual([]);
      expect(await copy.catchUp('llmCalls')).toBeNull();
      expect(await copy.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
    }

    test('goes on where it was', async () => {
      const { url, store } = await closed();
      const copy = await open(url);
      expect(copy.problems).toEqual([]);
      expect(await copy.rowsOf(llmCalls)).toHaveLength(6);
      await store.append([callGroup(...calls(2))]);
      expect(await copy.catchUp('llmCalls')).toBeNull();
      expect(await copy.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
    });

    test.each<[string, (file: string) => Promise<void>, RegExp]>([
      ['is no database', (file) => writeFile(file, 'not a database'), /not a valid DuckDB database/],
      ['was cut off', (file) => truncate(file, 5_000), /is made anew/],
      ['is empty', (file) => truncate(file, 0), /is made anew/],
    ])('is made anew if the file %s', async (_, damage, said) => {
      const { url, store, copy } = await closed();
      await rm(`${copy.file}.wal`, { force: true });
      await damage(copy.file);
      await expectAnew(url, store, said);
    });

    test('is made anew if the file is gone', async () => {
      const { url, copy } = await closed();
      await rm(copy.file);
      const again = await open(url);
      expect(again.problems).toEqual([]);
      expect(await again.catchUp('llmCalls')).toBeNull();
      expect(await again.rowsOf(llmCalls)).toHaveLength(6);
      expect((await stat(copy.file)).size).toBeGreaterThan(0);
    });

    test('is made anew if the database is another one', async () => {
      const { copy } = await closed();
      const other = await closed();
      await copyFile(copy.file, other.copy.file);
      await expectAnew(other.url, other.store, /another database/);
    });

    test.each<[string, (store: Store, copy: TestCopy) => Promise<unknown>]>([
      [
        'the copy has removed a project',
        async (store, copy) => {
          await store.query.deleteFrom(llmCalls.table).where('project_id', '=', 'shop').execute();
          await store.prisma.projectRemoval.create({ data: { projectId: 'shop' } });
          return copy.catchUp('llmCalls');
        },
      ],
      [
        'the copy has removed what expired',
        async (store, copy) => {
          const horizon = { projectId: 'shop', dataset: 'llmCalls', source: 'RAW', dimensionSet: '' };
          await store.prisma.retentionHorizon.create({ data: { ...horizon, instant: NOON + 1_000 } });
          return copy.tidy();
        },
      ],
    ])('is made anew if the database is a backup from before %s', async (_, remove) => {
      const { store, copy, expectEqual } = await openBoth();
      await store.append([callGroup(...calls(3, { projectId: 'shop' }), ...calls(2))]);
      await expectEqual();
      const backup = await stores.createUrl();
      await rm(backup.slice('file:'.length));
      await sql`vacuum into ${backup.slice('file:'.length)}`.execute(store.query);
      await remove(store, copy);
      expect(await copy.rowsOf(llmCalls)).toHaveLength(2);
      await copy.close();
      await copyFile(copy.file, copyFileOf(backup.slice('file:'.length)));
      await expectAnew(backup, await stores.open(backup), /another database/);
    });

    test('stays if all rows of one dataset are gone, and those of another are there', async () => {
      const { url, store, copy } = await closed();
      await store.append([{ parts: [{ dataset: errorLogs, rows: madeUpRows(errorLogs, 1) }] }]);
      const again = await open(url);
      expect(await again.catchUp('errorLogs')).toBeNull();
      await again.close();
      await store.query.deleteFrom(errorLogs.table).execute();
      const last = await open(url);
      expect(last.problems).toEqual([]);
      expect(last.file).toBe(copy.file);
    });

    test('is made anew if the database is an older backup with other events since', async () => {
      const { store, copy, expectEqual } = await openBoth();
      await store.append([callGroup(...calls(6))]);
      await expectEqual();
      const backup = await stores.createUrl();
      const file = (of: string) => of.slice('file:'.length);
      await rm(file(backup));
      await sql`vacuum into ${file(backup)}`.execute(store.query);
      await store.append([callGroup(...calls(6))]);
      await expectEqual();
      await copy.close();
      const restored = await stores.open(backup);
      await restored.append([callGroup(...calls(9, { model: 'after' }))]);
      await copyFile(copy.file, copy.file.replace(dirname(copy.file), dirname(file(backup))));
      await expectAnew(backup, restored, /another database/);
    });
  });

  test('remembers rows by ids that SQLite gives them: a vacuum keeps them', async () => {
    const { store, expectEqual } = await openBoth();
    const rows = calls(8);
    await store.append([callGroup(...rows)]);
    await store.query.deleteFrom(llmCalls.table).where('id', 'in', rows.slice(1, 4).map(idOf)).execute();
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
});

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { dropSearchSql, searchSql } from '../../scripts/migrations/search-sql.ts';
import { parseSearchQuery } from '../../src/core/search/search-query.ts';
import type { SearchedTable } from '../../src/core/search/searched-table.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { bestFirst, searchRows } from '../../src/storage/search.ts';
import type { Store } from '../../src/storage/store.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow } from './support/calls.ts';
import { useStores } from './support/stores.ts';

/** A table of the models, so that Prisma and the writer of events can write to it. */
const calls: SearchedTable = {
  table: 'llm_calls',
  columns: [
    { name: 'model', weight: 'A' },
    { name: 'error_message', weight: 'C' },
  ],
};

describeEachDatabase('the search index', (database) => {
  const stores = useStores(database);

  async function script(url: string, text: string): Promise<void> {
    const connection = await openMigrationConnection(url);
    try {
      await connection.script(text);
    } finally {
      await connection.close();
    }
  }

  async function openSearched(): Promise<Store> {
    const url = await stores.createUrl();
    await script(url, searchSql(database.dialect, [calls]));
    return stores.open(url);
  }

  async function find(store: Store, query: string): Promise<string[]> {
    const rows = searchRows(store, {
      searched: calls,
      projectId: 'default',
      terms: parseSearchQuery(query, 'query'),
    }).select('id');
    return (await bestFirst(rows).execute()).map((row) => String(row['id']));
  }

  test.skipIf(notOnCitus('TRIGGERS'))(
    'follows appended events, and a duplicate changes nothing',
    async () => {
      const store = await openSearched();
      const id = randomUUID();
      await store.append([callGroup(callRow({ id, model: 'alpha' }), callRow({ model: 'beta' }))]);
      expect(await store.append([callGroup(callRow({ id, model: 'gamma' }))])).toEqual([
        { fresh: [[false]] },
      ]);
      expect(await find(store, 'alpha')).toEqual([id]);
      expect(await find(store, 'gamma')).toEqual([]);
    },
  );

  test.skipIf(notOnCitus('TRIGGERS'))('follows rows that Prisma updates, upserts and deletes', async () => {
    const store = await openSearched();
    const [id, other] = [randomUUID(), randomUUID()];
    await store.append([callGroup(callRow({ id, model: 'alpha' }), callRow({ id: other, model: 'alpha' }))]);
    const { llmCall } = store.prisma;
    const where = { projectId_id: { projectId: 'default', id } };

    await llmCall.update({ where, data: { model: 'beta', errorMessage: 'late' } });
    expect([await find(store, 'alpha'), await find(store, 'beta late')]).toEqual([[other], [id]]);

    const row = await llmCall.findUniqueOrThrow({ where, omit: { attributes: true, tags: true } });
    await llmCall.upsert({ where, create: row, update: { model: 'gamma' } });
    expect([await find(store, 'beta'), await find(store, 'gamma late')]).toEqual([[], [id]]);

    await llmCall.delete({ where });
    expect(await find(store, 'gamma')).toEqual([]);
    await llmCall.upsert({ where, create: row, update: { model: 'never' } });
    expect(await find(store, 'beta')).toEqual([id]);

    await llmCall.updateMany({ data: { model: 'delta' } });
    expect((await find(store, 'delta')).toSorted()).toEqual([id, other].toSorted());
    await llmCall.deleteMany({ where: { model: 'delta' } });
    expect(await find(store, 'delta')).toEqual([]);
  });

  test.skipIf(notOnCitus('TRIGGERS'))('is rebuilt with other columns', async () => {
    const url = await stores.createUrl();
    await script(url, searchSql(database.dialect, [calls]));
    const provider: SearchedTable = { table: calls.table, columns: [{ name: 'provider', weight: 'A' }] };
    await script(url, dropSearchSql(database.dialect, calls.table) + searchSql(database.dialect, [provider]));
    const store = await stores.open(url);
    await store.append([callGroup(callRow({ provider: 'openai' }))]);
    const rows = searchRows(store, {
      searched: provider,
      projectId: 'default',
      terms: parseSearchQuery('openai', 'query'),
    }).select('id');
    expect(await rows.execute()).toHaveLength(1);
    expect(
      await searchRows(store, {
        searched: provider,
        projectId: 'default',
        terms: parseSearchQuery('gpt', 'query'),
      })
        .select('id')
        .execute(),
    ).toEqual([]);
  });

  test.skipIf(notOnCitus('TRIGGERS'))('survives a compaction of the file', async () => {
    const store = await openSearched();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    await store.append([callGroup(...ids.map((id) => callRow({ id, model: 'alpha' })))]);
    await store.prisma.llmCall.deleteMany({ where: { id: ids[0] as string } });
    await store.prisma.$executeRawUnsafe('VACUUM');
    await store.prisma.llmCall.updateMany({ where: { id: ids[1] as string }, data: { model: 'beta' } });
    await store.prisma.llmCall.deleteMany({ where: { id: ids[2] as string } });
    expect([await find(store, 'alpha'), await find(store, 'beta')]).toEqual([[], [ids[1]]]);
  });
});

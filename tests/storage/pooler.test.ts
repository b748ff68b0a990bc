import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import {
  createStore,
  openBackupFormat,
  openInspection,
  openMigrationConnection,
} from '../../src/storage/create-store.ts';
import { openPooledSession, type Session } from '../../src/storage/dialect/postgresql/session.ts';
import type { Store } from '../../src/storage/store.ts';
import { describePooled, openPooler, type Pooler } from '../support/pooler.ts';
import { callGroup, callRow, NOON } from './support/calls.ts';
import { useStores } from './support/stores.ts';

const REASON = new Error('The client has gone.');
const IN_TRANSACTION_MODE = { details: { argument: 'DATABASE_DIRECT_URL' } };

describePooled('a store behind a pooler', (database) => {
  const stores = useStores(database);
  let directUrl = '';
  let pooler: Pooler;
  beforeAll(async () => {
    directUrl = await database.createMigratedUrl();
    pooler = await openPooler(directUrl);
  });
  afterAll(() => pooler[Symbol.asyncDispose]());

  const open = () => stores.open(pooler.urlOf(directUrl), { directUrl });
  const marked = (store: Store, mark: string) =>
    store.query.selectNoFrom([sql.lit(mark).as('mark'), sql`pg_sleep(600)`.as('slept')]).execute();

  /** Resolves when the database works on exactly these statements of `marked`. */
  async function waitForRunning(store: Store, ...marks: readonly string[]): Promise<void> {
    await expect
      .poll(async () => {
        const { rows } = await sql<{ query: string }>`select query from pg_stat_activity
          where datname = current_database() and state = 'active' and query like '%pg_sleep(600)%'
            and pid <> pg_backend_pid()`.execute(store.query);
        return rows.map(({ query }) => /'(\w+)' as/.exec(query)?.[1]).sort();
      })
      .toEqual(marks);
  }

  test('reads, changes states and records, on fewer connections than it has readers', async () => {
    const store = await open();
    await store.append([callGroup(callRow(), callRow())]);
    const found = await Promise.all(
      Array.from({ length: 12 }, () => store.query.selectFrom(llmCalls.table).select('timestamp').execute()),
    );
    expect(found.flat()).toEqual(Array.from({ length: 24 }, () => ({ timestamp: NOON })));
    // The database is in another time zone, and Prisma treats all times as UTC.
    const expiresAt = new Date(NOON);
    const made = await Promise.all(
      ['one', 'two', 'three'].map((key) =>
        store.transact(key, async (prisma) => {
          await prisma.lease.create({ data: { name: key, holder: 'me', expiresAt } });
          return prisma.lease.findMany({ where: { name: key } });
        }),
      ),
    );
    expect(made.flat().map((lease) => lease.expiresAt)).toEqual([expiresAt, expiresAt, expiresAt]);
    expect(await store.query.selectFrom('leases').select('expires_at').distinct().execute()).toEqual([
      { expires_at: NOON },
    ]);
    expect(await store.prisma.lease.deleteMany()).toEqual({ count: 3 });
  });

  test('has no process, and no transaction, after a failed beginning or commit', async () => {
    const client = new pg.Client({ connectionString: pooler.urlOf(directUrl) });
    await client.connect();
    try {
      const run = (session: Session, text: string) =>
        session.run(text, undefined, { enter() {}, leave: async () => {} });
      const limits = { statementMs: 1_000, idleInTransactionMs: 1_000 };
      const failing = openPooledSession(client, { ...limits, statementMs: -1 });
      await expect(run(failing, 'begin')).rejects.toThrow('statement_timeout');
      expect(client.getTransactionStatus()).toBe('I');
      const session = openPooledSession(client, limits);
      await run(session, 'begin');
      await run(
        session,
        'create temp table twins (id int unique deferrable initially deferred) on commit drop',
      );
      await run(session, 'insert into twins values (1), (1)');
      expect(session.processId).toEqual(expect.any(Number));
      await expect(run(session, 'commit')).rejects.toThrow('duplicate key');
      expect(session.processId).toBeNull();
    } finally {
      await client.end();
    }
  });

  test('cancels only its own statements', async () => {
    const [store, other] = [await open(), await stores.open(directUrl)];
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    async function reading({ signal }: AbortController, mark: string): Promise<void> {
      await expect(store.reading({ signal }, () => marked(store, mark))).rejects.toBe(REASON);
    }
    const running = [reading(first, 'one'), reading(second, 'two')];
    await waitForRunning(other, 'one', 'two');
    // Waits until the pooler has a connection for the statement.
    const waiting = reading(third, 'three');
    first.abort(REASON);
    await running[0];
    await waitForRunning(other, 'three', 'two');
    third.abort(REASON);
    await waiting;
    await waitForRunning(other, 'two');
    const fourth = new AbortController();
    const last = [reading(fourth, 'four'), reading(first, 'five')];
    fourth.abort(REASON);
    second.abort(REASON);
    await Promise.all([...last, running[1]]);
    expect(await store.query.selectFrom('leases').selectAll().execute()).toEqual([]);
  });

  test('is checked and repaired directly, without the pooler', async () => {
    const store = await open();
    await store.upkeep.reindex('rollup_cells_pkey');
    await store.exclusively((transaction) => transaction.selectFrom('leases').selectAll().execute());
    for await (const { damages } of store.upkeep.check('QUICK')) expect(damages).toEqual([]);
  });

  test('is refused without a direct URL, and with an invalid one', async () => {
    const url = pooler.urlOf(directUrl);
    for (const options of [{}, { directUrl: url }])
      await expect(createStore({ url, datasets, ...options })).rejects.toMatchObject(IN_TRANSACTION_MODE);
    await expect(openMigrationConnection(url)).rejects.toMatchObject(IN_TRANSACTION_MODE);
    await expect(openInspection(url)).rejects.toMatchObject(IN_TRANSACTION_MODE);
    await expect((await openBackupFormat(url)).bytes()).rejects.toMatchObject(IN_TRANSACTION_MODE);
    await using byStatements = await openPooler(directUrl, { mode: 'statement' });
    await expect(openMigrationConnection(byStatements.urlOf(directUrl))).rejects.toMatchObject(
      IN_TRANSACTION_MODE,
    );
    await expect(createStore({ url, directUrl: await database.createUrl(), datasets })).rejects.toThrow(
      'lead to different databases',
    );
  });

  test('needs no direct URL if sessions last', async () => {
    await using bySessions = await openPooler(directUrl, { mode: 'session', connections: 4 });
    const connection = await openMigrationConnection(bySessions.urlOf(directUrl));
    expect(await connection.query('select 1 as one')).toEqual([{ one: 1 }]);
    await connection.close();
  });
});

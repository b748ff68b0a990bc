import { randomUUID } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import type { Column } from '../../src/core/dataset/column.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { COPIED_FROM } from '../../src/storage/dialect/postgresql/prepare-append.ts';
import { createWriterConnection } from '../../src/storage/dialect/postgresql/writer-connection.ts';
import type { ThreadSource } from '../../src/storage/dialect/thread-source.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import type { Store } from '../../src/storage/store.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { keptThreads } from '../support/kept-threads.ts';
import { callGroup, callRow, NOON } from './support/calls.ts';
import { countCalls, useStores } from './support/stores.ts';

/** A value of each column, with characters that formats treat specially. */
function sampleOf({ kind, values, max = 2 ** 31 - 1 }: Column): Row[number] {
  const text = 'Zoë 😀\t"q" \\N\n{1,2}';
  const samples: Record<Column['kind'], Row[number]> = {
    ...{ uuid: randomUUID(), text, duration: 'PT5M', enum: Object.keys(values ?? {})[0] ?? 'x' },
    ...{ integer: Math.min(max, Number.MAX_SAFE_INTEGER), float: 0.1 + 0.2, money: 9_000_000_000_000_001 },
    ...{ boolean: true, timestamp: NOON + 1, json: '{"a": [1, "é", null]}', texts: '["a", "b"]' },
  };
  return samples[kind];
}

function fullRows(dataset: Dataset, count: number): Row[] {
  const values = dataset.columns.map(sampleOf);
  return Array.from({ length: count }, () => values.with(dataset.at.id, randomUUID()));
}

function sparseRow(dataset: Dataset, row: Row): Row {
  const sparse = row.map((value, index) => (dataset.columns[index]?.optional ? null : value));
  return sparse.with(dataset.at.id, randomUUID());
}

describeOnlyOn('postgresql', 'the writer', (database) => {
  const stores = useStores(database);
  const open: pg.Client[] = [];
  afterEach(() => Promise.all(open.splice(0).map((client) => client.end())));

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    open.push(client);
    await client.connect();
    return client;
  }

  test('copies many rows of every dataset with the same result as it inserts few', async () => {
    const store = await stores.open();
    const full = datasets.map((dataset) => fullRows(dataset, COPIED_FROM + 1));
    const sparse = datasets.map((dataset, index) =>
      (full[index] ?? []).map((row) => sparseRow(dataset, row)),
    );
    for (const rows of [full, sparse]) {
      for (const [from, to] of [
        [0, 1],
        [1, COPIED_FROM + 1],
      ] as const) {
        const parts = datasets.map((dataset, index) => ({
          dataset,
          rows: rows[index]?.slice(from, to) ?? [],
        }));
        const [result] = await store.append([{ parts }]);
        expect(new Set(result?.fresh.flat())).toEqual(new Set([true]));
      }
    }
    for (const { name, table } of datasets) {
      const stored = await store.query.selectFrom(table).selectAll().execute();
      const kinds = new Set(stored.map(({ id, arrival, ...values }) => JSON.stringify(values)));
      expect([name, stored.length, kinds.size]).toEqual([name, 2 * COPIED_FROM + 2, 2]);
    }
  });

  test('finds the rows among many that are already stored', async () => {
    const store = await stores.open();
    const rows = Array.from({ length: 2 * COPIED_FROM }, (_, index) => callRow({ timestamp: NOON + index }));
    const half = rows.slice(0, COPIED_FROM);
    const freshOf = async (...given: readonly Row[]) =>
      (await store.append([callGroup(...given)]))[0]?.fresh[0];
    expect(await freshOf(...half)).toEqual(half.map(() => true));
    expect(await freshOf(...rows)).toEqual(rows.map((_, index) => index >= COPIED_FROM));
    expect(await freshOf(...rows)).toEqual(rows.map(() => false));
    // Equal ids within an append: the first is stored.
    const twins = Array.from({ length: COPIED_FROM }, () => callRow()).flatMap((row) => [row, row]);
    expect(await freshOf(...twins)).toEqual(twins.map((_, index) => index % 2 === 0));
    expect(await countCalls(store)).toEqual({ rows: 3 * COPIED_FROM, rolledUp: 3 * COPIED_FROM });
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
  });

  test.skipIf(notOnCitus('TRIGGERS'))(
    'says why one of several statements sent together failed, or stores the events again',
    async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url);
      const failures = await connect(url);
      // A rollback does not return the numbers of a sequence. The cells fail before the session of
      // the call is needed.
      await failures.query(`create sequence attempts; create function fail() returns trigger language plpgsql as $$ begin
        case nextval('attempts') when 1 then raise 'another comes first' using errcode = '40P01';
          when 3 then raise 'no space left' using errcode = '53100'; else return null; end case; end $$;
        create trigger fail before insert on rollup_cells for each statement execute function fail()`);
      const call = () => callGroup(callRow({ sessionId: 'one' }));
      expect(await store.append([call()])).toEqual([{ fresh: [[true]] }]);
      await expect(store.append([call()])).rejects.toMatchObject({ trouble: 'FULL' });
      expect(await countCalls(store)).toEqual({ rows: 1, rolledUp: 1 });
    },
  );

  test('stores appends in the order of the calls, no matter how long one waits for its turn', async () => {
    const turns: (() => void)[] = [];
    const store = await stores.open(undefined, { pass: () => new Promise((resolve) => turns.push(resolve)) });
    const row = callRow();
    const appended = Promise.all([
      store.append([callGroup(row), callGroup(callRow())]),
      store.append([callGroup(row)]),
    ]);
    let isOver = false;
    const over = appended.finally(() => {
      isOver = true;
    });
    // The newest turn comes first.
    while (!isOver) {
      turns.pop()?.();
      await new Promise(setImmediate);
    }
    expect(await over).toEqual([[{ fresh: [[true]] }, { fresh: [[true]] }], [{ fresh: [[false]] }]]);
  });

  test('stores no rows of a transaction that did not begin', async () => {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    const connection = createWriterConnection({ url, onProblem: () => {} });
    const insert = 'insert into arrivals (dataset, writer, last) values ($1, 0, 1)';
    // The same as if `begin` had been cancelled: the statements after it were already sent.
    const refused = connection.transaction(async ({ client }) => {
      await client.query('rollback');
      await client.query(insert, ['lost']);
    });
    await expect(refused).rejects.toMatchObject({ code: '25006' });
    await connection.transaction(({ client }) => client.query(insert, ['kept']));
    await connection.close();
    const stored = await store.query.selectFrom('arrivals').select('dataset').execute();
    expect(stored).toEqual([{ dataset: 'kept' }]);
  });

  describe('while an append is in progress', () => {
    /** Blocks appends after their rows, and before their cells. */
    async function holdUp(url: string) {
      const holder = await connect(url);
      await holder.query('begin; lock table rollup_cells in access exclusive mode');
      // In another session, because a transaction sees the activity as it was when it first read
      // it.
      const watcher = await connect(url);
      const writer = `from pg_stat_activity where application_name = 'telltale writer' and datname = current_database()`;
      return {
        async arrives() {
          while ((await watcher.query(`select 1 ${writer} and wait_event_type = 'Lock'`)).rowCount === 0);
        },
        endConnection: () => watcher.query(`select pg_terminate_backend(pid) ${writer}`),
        letGo: () => holder.query('rollback'),
      };
    }

    async function expectToGoOn(store: Store, rows: readonly Row[]): Promise<void> {
      expect(await store.append([callGroup(...rows)])).toEqual([{ fresh: [rows.map(() => true)] }]);
      expect(await countCalls(store)).toEqual({ rows: rows.length, rolledUp: rows.length });
    }

    test('stores nothing of it when its connection breaks, and connects again', async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url, { onProblem: () => {} });
      const rows = [callRow(), callRow()];
      const hold = await holdUp(url);
      const broken = expect(store.append([callGroup(...rows)])).rejects.toBeInstanceOf(StorageUnavailable);
      await hold.arrives();
      await hold.endConnection();
      await broken;
      await hold.letGo();
      await expectToGoOn(store, rows);
    });

    test('rejects it when its thread dies, and starts another one', async () => {
      const url = await stores.createUrl();
      const workers: Worker[] = [];
      const threads: ThreadSource = {
        take(body) {
          const worker = keptThreads.take(body);
          workers.push(worker);
          return worker;
        },
        giveBack: keptThreads.giveBack,
      };
      const problems: string[] = [];
      const store = await stores.open(url, { threads, onProblem: ({ message }) => problems.push(message) });
      const rows = [callRow(), callRow()];
      const hold = await holdUp(url);
      const broken = expect(store.append([callGroup(...rows)])).rejects.toThrow('The thread that writes');
      await hold.arrives();
      await workers[0]?.terminate();
      await broken;
      await hold.endConnection();
      await hold.letGo();
      await expectToGoOn(store, rows);
      expect(workers).toHaveLength(2);
      expect(problems).toEqual([expect.stringContaining('The thread that writes to the database has ended')]);
    });

    test('stores it, and the appends that wait behind it, before it closes', async () => {
      const url = await stores.createUrl();
      const store = await stores.open(url);
      const hold = await holdUp(url);
      const rows = [callRow(), callRow()];
      const appended = rows.map((row) => store.append([callGroup(row)]));
      await hold.arrives();
      const closed = stores.close(store);
      await expect(store.append([callGroup(callRow())])).rejects.toThrow('The store is closed.');
      await hold.letGo();
      await closed;
      expect(await Promise.all(appended)).toEqual(rows.map(() => [{ fresh: [[true]] }]));
      expect(await countCalls(await stores.open(url))).toEqual({ rows: 2, rolledUp: 2 });
    });
  });
});

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { createPool, type PoolOptions, type SqlitePool } from '../../src/storage/dialect/sqlite/pool.ts';
import type { ThreadData } from '../../src/storage/dialect/sqlite/protocol.ts';
import { startThread } from '../../src/storage/dialect/sqlite/thread.ts';
import { startingThreads } from '../../src/storage/dialect/thread-source.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { type ReadScope, UNLIMITED } from '../../src/storage/reading.ts';
import { hasNiceThreads, watchNewThreads } from '../support/niceness.ts';
import { callRow } from './support/calls.ts';

/** The threads of this worker. */
const from = (file: string) => ({ threads: startingThreads(pathToFileURL(file)) });
const statement = (sql: string) => ({ kind: 'statement', sql, parameters: [] }) as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-threads-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a pool', () => {
  const pools: SqlitePool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  const worker = pathToFileURL(join(process.cwd(), 'dist/storage/dialect/sqlite/worker.cjs'));
  let files = 0;
  async function open(options: Partial<PoolOptions> = {}): Promise<{ pool: SqlitePool; file: string }> {
    const file = join(folder, `pool-${++files}.db`);
    const connection = await openMigrationConnection(`file:${file}`);
    await migrate(connection);
    await connection.script('create table numbers (n integer primary key); insert into numbers values (1)');
    await connection.close();
    const pool = await createPool({
      file,
      datasets: [],
      readers: 2,
      transactionIdleMs: 10_000,
      onProblem: (error) => {
        throw error;
      },
      ...options,
    });
    pools.push(pool);
    return { pool, file };
  }

  test('replaces a thread that died, and fails only what it was doing', async () => {
    const problems: Error[] = [];
    const started: ThreadData['role'][] = [];
    const mortal = join(folder, 'mortal.mjs');
    await writeFile(
      mortal,
      `import { parentPort } from 'node:worker_threads';
       const on = parentPort.on.bind(parentPort);
       parentPort.on = (name, handle) =>
         on(name, (message) => (message.request.sql === 'select die' ? process.exit(9) : handle(message)));
       await import(${JSON.stringify(worker.href)});`,
    );
    const { pool } = await open({
      onProblem: (error) => problems.push(error),
      start(data, onDeath) {
        started.push(data.role);
        return startThread(data, onDeath, from(mortal));
      },
    });
    expect(started, 'readers start when they are needed').toEqual(['writer']);
    await expect(pool.run(statement('select die'))).rejects.toThrow(/ended with code 9/);
    expect(problems).toHaveLength(1);
    const results = await Promise.all([1, 2, 3].map(() => pool.run(statement('select n from numbers'))));
    expect(results.map(({ rows }) => rows)).toEqual([[[1]], [[1]], [[1]]]);
    expect(started).toEqual(['writer', 'reader', 'reader', 'reader']);
  });

  test('stops a running statement, and continues with the same thread', async () => {
    const observed = join(folder, 'observed.mjs');
    const channel = `telltale-test-${process.pid}`;
    await writeFile(
      observed,
      `import { parentPort } from 'node:worker_threads';
       const on = parentPort.on.bind(parentPort);
       const begun = new BroadcastChannel(${JSON.stringify(channel)});
       parentPort.on = (name, handle) =>
         on(name, (message) => {
           begun.postMessage(message.request.sql);
           handle(message);
           if (message.request.kind === 'close') begun.close();
         });
       await import(${JSON.stringify(worker.href)});`,
    );
    const started: ThreadData['role'][] = [];
    const controller = new AbortController();
    const { pool } = await open({
      readers: 1,
      scope: () => ({ ...UNLIMITED, signal: controller.signal }),
      start(data, onDeath, options) {
        started.push(data.role);
        return startThread(data, onDeath, { ...options, ...from(observed) });
      },
    });
    const endless = `with recursive count (n) as (select 1 union all select n + 1 from count where telltale_continue())
      select max(n) from count`;
    const begun = new BroadcastChannel(channel);
    const running = new Promise<void>((resolve) => {
      begun.onmessage = ({ data }: MessageEvent) => data === endless && resolve();
    });
    const stopped = expect(pool.run(statement(endless))).rejects.toThrow('enough');
    await running;
    controller.abort(new Error('enough'));
    await stopped;
    begun.close();
    const session = await pool.begin('write');
    expect((await session.run(statement('select n from numbers'))).rows).toEqual([[1]]);
    await session.finish('commit');
    await pool.close();
    expect(started).toEqual(['writer', 'reader']);
  });

  test('gives up a thread that does not stop, and starts another', async () => {
    const deaf = join(folder, 'deaf.mjs');
    await writeFile(
      deaf,
      `import { parentPort } from 'node:worker_threads';
       const on = parentPort.on.bind(parentPort);
       parentPort.on = (name, handle) =>
         on(name, (message) => (message.request.sql === 'select deaf' ? undefined : handle(message)));
       await import(${JSON.stringify(worker.href)});`,
    );
    const problems: Error[] = [];
    let signal: AbortSignal | null = null;
    const { pool } = await open({
      readers: 1,
      onProblem: (error) => problems.push(error),
      scope: () => ({ ...UNLIMITED, signal }),
      start: (data, onDeath, options) =>
        startThread(data, onDeath, { ...options, ...from(deaf), stopGraceMs: 1 }),
    });
    const controller = new AbortController();
    signal = controller.signal;
    const stopped = expect(pool.run(statement('select deaf'))).rejects.toThrow('enough');
    signal = null;
    const next = pool.run(statement('select n from numbers'));
    controller.abort(new Error('enough'));
    await stopped;
    expect((await next).rows).toEqual([[1]]);
    expect(problems.map(({ message }) => message)).toEqual([
      'The database thread has ended: a statement could not be stopped',
    ]);
  });

  test('continues after its writer died in a transaction', async () => {
    const problems: Error[] = [];
    const { pool } = await open({
      onProblem: (error) => problems.push(error),
      start: (data, onDeath) => startThread(data, onDeath, from(join(folder, 'mortal.mjs'))),
    });
    const session = await pool.begin('write');
    await session.run(statement('insert into numbers values (5)'));
    const waiting = pool.run(statement('insert into numbers values (6)'));
    await expect(session.run(statement('select die'))).rejects.toThrow(StorageUnavailable);
    await expect(session.run(statement('insert into numbers values (7)'))).rejects.toThrow(
      StorageUnavailable,
    );
    await expect(session.finish('commit')).rejects.toThrow(StorageUnavailable);
    await waiting;
    expect((await pool.run(statement('select n from numbers order by n'))).rows).toEqual([[1], [6]]);
    expect(problems).toHaveLength(1);
  });

  test('reports why it cannot be opened', async () => {
    const file = join(folder, 'no-database.db');
    await writeFile(file, 'this is no database, and it is longer than a header of one would be'.repeat(20));
    const opened = createPool({
      file,
      datasets: [],
      readers: 1,
      transactionIdleMs: 1_000,
      onProblem: () => {},
    });
    await expect(opened).rejects.toThrow(/no-database.db cannot be used: file is not a database/);
  });

  test('sends a statement that only looks like reading to the writer', async () => {
    const { pool } = await open();
    const inserted = await pool.run(
      statement('with new (n) as (select 7) insert into numbers select n from new'),
    );
    expect(inserted.changes).toBe(1);
    expect((await pool.run(statement('select max(n) from numbers'))).rows).toEqual([[7]]);
  });

  test('reads on as many threads as it has', async () => {
    const { pool } = await open();
    const slow = statement(
      'with recursive c (n) as (select 1 union all select n + 1 from c where n < 3000000) select count(*) from c',
    );
    const order: string[] = [];
    const running = pool.run(slow).then(() => order.push('slow'));
    await pool.run(statement('select 1')).then(() => order.push('fast'));
    await running;
    expect(order).toEqual(['fast', 'slow']);
  });

  test.runIf(hasNiceThreads)('gives the event loop and the writer priority over its readers', async () => {
    const newThreads = watchNewThreads();
    let kind: ReadScope['kind'] = 'SHORT';
    const { pool } = await open({ scope: () => ({ ...UNLIMITED, kind }) });
    for (const scope of ['SHORT', 'APART', 'PROBE'] as const) {
      kind = scope;
      await pool.run(statement('select 1'));
    }
    expect(newThreads()).toEqual([0, 0, 5, 10]);
  });

  test('lets the write-ahead log start over when it has been idle', async () => {
    const { pool, file } = await open();
    await pool.run(statement('insert into numbers values (2)'));
    expect((await stat(`${file}-wal`)).size).toBeGreaterThan(0);
    await expect.poll(async () => (await stat(`${file}-wal`)).size).toBe(0);
  });

  test('lets the write-ahead log start over although readers never pause', async () => {
    const { complete: _, findContradiction: __, ...plainData } = llmCalls;
    const { pool, file } = await open({ logLimit: 500_000, datasets: [{ ...plainData, projections: [] }] });
    const slow = statement(
      'with recursive c (n) as (select 1 union all select n + 1 from c where n < 100000) select count(*) from c, numbers',
    );
    let reading = true;
    const readOn = async (): Promise<void> => {
      while (reading) await pool.run(slow);
    };
    // As many reads as threads, each of which starts the next before the others end, so that some
    // reader uses the log at any time.
    const readers = [readOn(), readOn(), readOn()];
    let largest = 0;
    let shrunk = false;
    for (let batch = 0; batch < 200 && !shrunk; batch++) {
      const rows = Array.from({ length: 100 }, () => callRow());
      await pool.append({ kind: 'append', groups: [[{ dataset: 0, rows: [JSON.stringify(rows)] }]] });
      const { size } = await stat(`${file}-wal`);
      largest = Math.max(largest, size);
      shrunk = largest > 450_000 && size < 400_000;
    }
    reading = false;
    await Promise.all(readers);
    expect(shrunk).toBe(true);
  });

  test('keeps LIKE case-sensitive, and waits for the disk', async () => {
    const { pool } = await open();
    expect((await pool.run(statement("select 'A' like 'a'"))).rows).toEqual([[0]]);
    expect((await pool.run(statement('pragma synchronous'))).rows).toEqual([[2]]);
    expect((await pool.run(statement('pragma journal_mode'))).rows).toEqual([['wal']]);
    expect((await pool.run(statement('pragma foreign_keys'))).rows).toEqual([[1]]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { ColumnsUnavailable } from '../../src/columns/columns.ts';
import { removeCopy } from '../../src/columns/copy-path.ts';
import { type ColumnsOptions, createColumns } from '../../src/columns/create-columns.ts';
import { removeUnusedCopy } from '../../src/columns/remove-unused.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { createReadMeter } from '../../src/storage/reading.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase, describeOneDatabase, type TestDatabase } from '../support/databases.ts';
import { hasNiceThreads, watchNewThreads } from '../support/niceness.ts';
import { removeProject } from './support/changes.ts';
import { fileOfCopy } from './support/copies.ts';
import { TEST_SETTINGS } from './support/settings.ts';

/** Runs for minutes unless it is stopped. */
const LONG = sql<{ count: number }>`select count(*) from range(10000000) as one, range(10000000) as other
  where one.range % 7 = other.range % 11`;

/** Opens the file like DuckDB in another process, until the input ends. */
const HOLD_FILE = `require('@duckdb/node-api').DuckDBInstance.create(process.argv[1]).then(() => {
  console.log('open');
  process.stdin.on('end', () => process.exit()).resume();
});`;

/** Provides columns for the tests of a body, and closes them after each test. */
function useColumns(database: TestDatabase) {
  const stores = useStores(database);
  const opened: { readonly file: string; close(): Promise<void> }[] = [];
  afterEach(async () => {
    const closing = opened.splice(0);
    await Promise.all(closing.map((columns) => columns.close()));
    for (const { file } of closing) removeCopy(file);
  });

  return async (options: Partial<ColumnsOptions> & { readonly url?: string } = {}) => {
    const url = options.url ?? (await stores.createUrl());
    const store = await stores.open(url);
    const problems: string[] = [];
    const file = options.file ?? fileOfCopy(url);
    const columns = createColumns({
      ...{ databaseUrl: url, file, datasets, store, fromEvents: 0 },
      settings: TEST_SETTINGS,
      onProblem: (problem) => problems.push(problem),
      ...options,
    });
    opened.push({ file, close: columns.close });
    const count = async () => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from llm_calls`.execute(
        columns.query,
      );
      return rows[0]?.count;
    };
    const add = (events: number) =>
      store.append([callGroup(...Array.from({ length: events }, () => callRow()))]);
    return { url, file, store, columns, problems, count, add };
  };
}

describeEachDatabase('the columns', (database) => {
  const start = useColumns(database);

  test('answer with everything that was committed before', async () => {
    const { columns, count, add, problems } = await start();
    for (const total of [5, 10]) {
      await add(5);
      expect(await columns.catchUp(llmCalls)).toBeNull();
      expect(await count()).toBe(total);
    }
    expect(await columns.catchUp(errorLogs)).toBeNull();
    expect(problems).toEqual([]);
  });

  test('begin when a dataset has enough events', async () => {
    const { columns, add } = await start({ fromEvents: 1_000_000 });
    await add(5);
    expect(await columns.catchUp(llmCalls)).toBe('the columns begin at 1,000,000 events');
    const { columns: others, add: addOthers } = await start({ fromEvents: 5 });
    await addOthers(5);
    expect(await others.catchUp(llmCalls)).toBeNull();
    expect([await columns.late(), await others.late()]).toEqual([[], []]);
  });

  test('begin at the start of a server if there are enough events', async () => {
    const { file, columns, add } = await start({ fromEvents: 5 });
    await add(5);
    columns.start();
    await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  });

  test('keep an existing copy up to date even with few events, because it must lose what is removed', async () => {
    const { url, file, columns, store, add } = await start();
    await add(5);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    await columns.close();
    await removeProject(store, 'default');
    const again = await start({ url, file, fromEvents: 1_000_000 });
    expect(await again.columns.catchUp(llmCalls)).toBeNull();
    expect(await again.count()).toBe(0);
  });

  if (database.dialect === 'postgresql') {
    test('reconnect when their connection has broken', async () => {
      const { store, columns, add, count, problems } = await start();
      await add(2);
      expect(await columns.catchUp(llmCalls)).toBeNull();
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'telltale columns' and datname = current_database()`.execute(store.query);
      await add(2);
      await expect.poll(() => columns.catchUp(llmCalls)).toBeNull();
      expect(await count()).toBe(4);
      expect(problems).not.toContainEqual(expect.stringContaining('thread'));
    });
  }
});

describeOneDatabase('the columns of any database', (database) => {
  const start = useColumns(database);

  test('hold what questions group, filter and add up', async () => {
    const { columns } = await start();
    expect(
      columns.holds(llmCalls, ['model', 'latencyMs', 'timestamp', 'endUser', 'id', 'errorMessage']),
    ).toBe(true);
    expect(columns.holds(llmCalls, ['model', 'attributes.region'])).toBe(true);
    expect(columns.holds(errorLogs, ['stackTrace'])).toBe(false);
  });

  test.runIf(hasNiceThreads)(
    'give precedence to the event loop and the writer over their copying',
    async () => {
      const { columns, add } = await start();
      await add(5);
      const newThreads = watchNewThreads();
      expect(await columns.catchUp(llmCalls)).toBeNull();
      // DuckDB starts other threads.
      expect(newThreads().filter((niceness) => niceness > 0)).toEqual([10]);
    },
  );

  test('stop a question when its reader leaves, and answer the next one', async () => {
    const { store, columns, add, count } = await start();
    await add(1);
    const left = new AbortController();
    const answer = store.reading({ signal: left.signal }, () => LONG.execute(columns.query));
    setTimeout(() => left.abort(new Error('left')), 100);
    await expect(answer).rejects.toThrow('left');
    expect(await columns.catchUp(llmCalls)).toBeNull();
    expect(await count()).toBe(1);
  });

  test('refuse answers beyond the limits of a query', async () => {
    const { store, columns } = await start();
    const meter = createReadMeter({ rows: 100, bytes: 1e6, cells: 1 });
    const answer = store.reading({ meter }, () => sql`select * from range(100000)`.execute(columns.query));
    await expect(answer).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  });

  test('report that they cannot answer a statement that fails, and continue', async () => {
    const { columns, add, count } = await start();
    await expect(sql`select nothing from nowhere`.execute(columns.query)).rejects.toThrow(ColumnsUnavailable);
    await expect(sql`select * from read_csv('/etc/passwd')`.execute(columns.query)).rejects.toThrow(
      /disabled/,
    );
    await add(3);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    expect(await count()).toBe(3);
  });

  test('report why they do not answer when their thread has failed', async () => {
    const { columns, problems } = await start({ databaseUrl: 'file:/nowhere/telltale.db' });
    expect(await columns.catchUp(llmCalls)).toBe('the columns have failed: The thread has ended.');
    expect(await columns.catchUp(llmCalls)).toBe('the columns failed and will restart soon');
    expect(problems).toEqual([expect.stringContaining('directory does not exist')]);
  });

  test('report that another process uses their file', async () => {
    const url = await database.createMigratedUrl();
    const file = fileOfCopy(url);
    const other = spawn(process.execPath, ['--eval', HOLD_FILE, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const { columns, problems } = await start({ url });
    expect(await columns.catchUp(llmCalls)).toBe('the columns have failed: The thread has ended.');
    expect(problems).toEqual([
      expect.stringMatching(
        /^another process has .*columns\.duckdb open; give each server .* COLUMN_STORE_FILE/,
      ),
    ]);
    // It is also not deleted if columns are off.
    expect(await removeUnusedCopy(file)).toBe(false);
    expect(existsSync(file)).toBe(true);
    other.stdin.end();
    await once(other, 'exit');
    expect(await removeUnusedCopy(file)).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  test('report that their file cannot be created', async () => {
    const url = await database.createMigratedUrl();
    const notAFolder = `${fileOfCopy(url)}.txt`;
    await writeFile(notAFolder, '');
    const { columns, problems } = await start({ url, file: `${notAFolder}/columns.duckdb` });
    expect(await columns.catchUp(llmCalls)).toBe('the columns have failed: The thread has ended.');
    expect(problems).toEqual([expect.stringContaining(notAFolder)]);
    await rm(notAFolder);
  });

  test('close while a question runs', async () => {
    const { columns, add } = await start();
    await add(1);
    await columns.catchUp(llmCalls);
    const answer = LONG.execute(columns.query);
    const failure = expect(answer).rejects.toThrow(/interrupted|stopped/i);
    // Waits at least until the statement has reached the thread.
    await pause(200);
    await columns.close();
    await failure;
  });

  test('end only their thread when it fails while a question runs', async () => {
    const { store, columns, problems, add } = await start();
    await add(1);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    const answer = LONG.execute(columns.query);
    const failure = expect(answer).rejects.toThrow('The thread has ended.');
    await sql`alter table error_logs rename to elsewhere`.execute(store.query);
    await failure;
    expect(problems).toEqual([expect.stringMatching(/no such table|does not exist/)]);
    await expect
      .poll(() => columns.catchUp(llmCalls), { timeout: 10_000 })
      .toBe('the columns failed and will restart soon');
  });

  test('belong to one server of a process at a time', async () => {
    const first = await start();
    expect(await first.columns.catchUp(llmCalls)).toBeNull();
    const second = await start({ url: first.url });
    expect(await second.columns.catchUp(llmCalls)).toBe('another server of this process has the columns');
    expect(await second.columns.late()).toEqual(datasets.map(({ name }) => name));
    await first.columns.close();
    expect(await second.columns.catchUp(llmCalls)).toBeNull();
  });

  test('are rebuilt if their file was deleted while they ran', async () => {
    const { url, file, columns, add, count } = await start();
    await add(4);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    for (const end of ['', '.wal']) await rm(file + end, { force: true });
    await add(4);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    expect(await count()).toBe(8);
    await columns.close();
    const again = await start({ url });
    expect(await again.columns.catchUp(llmCalls)).toBeNull();
    expect(await again.count()).toBe(8);
    expect(again.problems).toEqual([]);
  });
});

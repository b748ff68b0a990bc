import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { ColumnsUnavailable } from '../../src/columns/columns.ts';
import { copyFileOf } from '../../src/columns/copy-path.ts';
import { type ColumnsOptions, startColumns } from '../../src/columns/start-columns.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { createReadMeter } from '../../src/storage/reading.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeSqlite } from './support/copies.ts';
import { TEST_SETTINGS } from './support/settings.ts';

/** Runs for minutes unless it is stopped. */
const LONG = sql<{ count: number }>`select count(*) from range(10000000) as one, range(10000000) as other
  where one.range % 7 = other.range % 11`;

describeSqlite('the columns', (database) => {
  const stores = useStores(database);
  const started: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((columns) => columns.close()));
  });

  async function start(options: Partial<ColumnsOptions> & { readonly url?: string } = {}) {
    const url = options.url ?? (await stores.createUrl());
    const store = await stores.open(url);
    const problems: string[] = [];
    const columns = startColumns({
      ...{ rows: url.slice('file:'.length), datasets, store, fromEvents: 0 },
      settings: TEST_SETTINGS,
      onProblem: (problem) => problems.push(problem),
      ...options,
    });
    started.push(columns);
    const count = async () => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from llm_calls`.execute(
        columns.query,
      );
      return rows[0]?.count;
    };
    const add = (events: number) =>
      store.append([callGroup(...Array.from({ length: events }, () => callRow()))]);
    return { url, store, columns, problems, count, add };
  }

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
  });

  test('hold what questions group, filter and add up', async () => {
    const { columns } = await start();
    expect(
      columns.holds(llmCalls, ['model', 'latencyMs', 'timestamp', 'endUser', 'id', 'errorMessage']),
    ).toBe(true);
    expect(columns.holds(llmCalls, ['model', 'attributes'])).toBe(false);
    expect(columns.holds(errorLogs, ['stackTrace'])).toBe(false);
  });

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

  test('say that they cannot answer a statement that fails, and go on', async () => {
    const { columns, add, count } = await start();
    await expect(sql`select nothing from nowhere`.execute(columns.query)).rejects.toThrow(ColumnsUnavailable);
    await expect(sql`select * from read_csv('/etc/passwd')`.execute(columns.query)).rejects.toThrow(
      /disabled/,
    );
    await add(3);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    expect(await count()).toBe(3);
  });

  test('say why they do not answer when their thread has failed', async () => {
    const { columns, problems } = await start({ rows: '/nowhere/telltale.db' });
    expect(await columns.catchUp(llmCalls)).toBe('the columns have failed: The thread has ended.');
    expect(await columns.catchUp(llmCalls)).toBe('the columns failed, and start anew soon');
    expect(problems).toEqual([expect.stringContaining('directory does not exist')]);
  });

  test('close while a question runs', async () => {
    const { columns, add } = await start();
    await add(1);
    await columns.catchUp(llmCalls);
    const answer = LONG.execute(columns.query);
    const failure = expect(answer).rejects.toThrow(/interrupted|stopped/i);
    // Until it has come to the thread, at least.
    await pause(200);
    await columns.close();
    await failure;
  });

  test('belong to one server of a process at a time', async () => {
    const first = await start();
    expect(await first.columns.catchUp(llmCalls)).toBeNull();
    const second = await start({ url: first.url });
    expect(await second.columns.catchUp(llmCalls)).toBe('another server of this process has the columns');
    await first.columns.close();
    expect(await second.columns.catchUp(llmCalls)).toBeNull();
  });

  test('are made again when their file was deleted while they ran', async () => {
    const { url, columns, add, count } = await start();
    await add(4);
    expect(await columns.catchUp(llmCalls)).toBeNull();
    for (const end of ['', '.wal']) await rm(copyFileOf(url.slice('file:'.length)) + end, { force: true });
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

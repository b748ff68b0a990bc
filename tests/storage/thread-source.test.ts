import type { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import type { StatementResult } from '../../src/storage/dialect/sqlite/protocol.ts';
import { startThread, type Thread } from '../../src/storage/dialect/sqlite/thread.ts';
import { startingThreads, type ThreadSource } from '../../src/storage/dialect/thread-source.ts';
import { describeOnlyOn } from '../support/databases.ts';

const statement = (sql: string) => ({ kind: 'statement', sql, parameters: [] }) as const;
const rowsOf = async (thread: Thread, sql: string): Promise<readonly (readonly unknown[])[]> =>
  (await thread.request<StatementResult>(statement(sql))).rows;

describeOnlyOn('sqlite', 'a thread that is kept', (database) => {
  const starting = startingThreads();
  const taken: Worker[] = [];
  const kept: Worker[] = [];
  const threads: ThreadSource = {
    changesRoles: true,
    take() {
      const worker = kept.pop() ?? starting.take('sqlite');
      taken.push(worker);
      return worker;
    },
    giveBack: async (worker) => kept.push(worker),
  };
  afterAll(() => Promise.all(kept.map((worker) => worker.terminate())));

  async function open(role: 'writer' | 'reader', url?: string): Promise<{ thread: Thread; url: string }> {
    const given = url ?? (await database.createMigratedUrl());
    const data = { file: given.slice('file:'.length), role, datasets: [] };
    const onDeath = (error: Error) => {
      throw error;
    };
    return { thread: startThread(data, onDeath, { threads }), url: given };
  }

  it('opens one database after the other, and keeps nothing of a closed one', async () => {
    const first = await open('writer');
    await first.thread.request({ kind: 'script', sql: 'create temp table own (n); create table stays (n)' });
    await first.thread.request({ kind: 'script', sql: 'begin immediate; insert into stays values (1)' });
    await first.thread.close();
    await expect(first.thread.request(statement('select 1'))).rejects.toThrow('it was closed');

    const second = await open('writer');
    expect(taken[1]).toBe(taken[0]);
    const names =
      "select name from sqlite_temp_master union all select name from sqlite_master where name = 'stays'";
    expect(await rowsOf(second.thread, names)).toEqual([]);
    await second.thread.close();

    const third = await open('reader', first.url);
    expect(taken[2]).toBe(taken[0]);
    // Changes that were not committed when the connection closed were rolled back.
    expect(await rowsOf(third.thread, 'select n from stays')).toEqual([]);
    expect(await third.thread.request(statement('insert into stays values (2)'))).toEqual({ writes: true });
    await third.thread.close();
  });

  it('is not kept if a request was sent after its close', async () => {
    const { thread } = await open('writer');
    const worker = taken.at(-1);
    const closed = thread.close();
    const late = expect(thread.request(statement('select 1'))).rejects.toThrow('it was closed');
    await Promise.all([closed, late]);
    expect(kept).not.toContain(worker);
  });
});

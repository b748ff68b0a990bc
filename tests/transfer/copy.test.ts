import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { withoutPassword } from '../../src/config/config.ts';
import { withoutDerived } from '../../src/core/dataset/dataset.ts';
import { bucketStart } from '../../src/core/rollup/fold.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { createStore, openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Store } from '../../src/storage/store.ts';
import { beginCopy } from '../../src/transfer/copy/copy-database.ts';
import { ALLOWED } from '../alerting/delivery/support/worker.ts';
import { borrowPostgresql, describeEachDatabase, TEST_SQLITE_READERS } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { DAY_MS, dumpProject, fillProject } from './support/full-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'copy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plain = new Map(datasets.map((dataset) => [dataset, withoutDerived(dataset)]));

describeEachDatabase('a copy to the other kind of database', (database) => {
  let running: TestApp;
  let url: string;
  let target: Store;
  let giveBack = async () => {};

  beforeAll(async () => {
    if (database.dialect === 'sqlite') ({ url, giveBack } = await borrowPostgresql());
    else url = `file:${join(folder, 'target.db')}`;
    const connection = await openMigrationConnection(url);
    await migrate(connection);
    await connection.close();
    const clock = createTestClock(Date.now() - 41 * DAY_MS);
    running = await startApp({ database, clock, environment: ALLOWED });
    await fillProject(running.app, clock);
    target = await createStore({ url, datasets: [...datasets, ...plain.values()], states, readers: 1 });
  });
  afterAll(async () => {
    await target?.close();
    await running[Symbol.asyncDispose]();
    await giveBack();
  });

  const begin = (onRows: (rows: number, table: string) => void = () => {}) => {
    const plainOf = (dataset: (typeof datasets)[number]) => plain.get(dataset) ?? dataset;
    const { store: source } = running.app.services;
    return beginCopy({
      source,
      target,
      sourceName: withoutPassword(running.databaseUrl),
      datasets,
      plainOf,
      onRows,
    });
  };
  const changed = async () => {
    const copy = await begin();
    const checks = await copy.verify({ checksum: true });
    return checks.filter(({ isEqual }) => !isEqual).map(({ table }) => table);
  };

  /** Computed only from the cells, which the databases write differently. */
  async function totals(store: Store) {
    const today = bucketStart(Date.now(), 'DAY');
    const range = { from: today - 60 * DAY_MS, to: today + DAY_MS };
    const scope = { dataset: llmCalls, projectId: 'shop', range, filter: null };
    const wanted = [{ measure: 'latencyMs', quantiles: [0.5] }];
    const { value, source } = await createAnalytics({ store }).totals(scope, wanted);
    expect(source.kind).toBe('ROLLUP');
    expect(value.rowCount).toBeGreaterThan(5);
    return value;
  }

  it('continues after a kill, adds new rows, and is equal in all rows in the end', async () => {
    const killed = await begin((_, table) => {
      if (table === 'llm_calls') throw new Error('killed');
    });
    await expect(killed.pass()).rejects.toThrow('killed');
    const copied: string[] = [];
    const copy = await begin((_, table) => void copied.push(table));
    await copy.pass();
    // The page before the kill was stored.
    expect(copied).not.toContain('llm_calls');
    expect(await changed()).toEqual([]);
    const { store, ingest } = running.app.services;
    expect(await dumpProject(target, 'shop')).toEqual(await dumpProject(store, 'shop'));
    expect(await totals(target)).toEqual(await totals(store));

    await ingest.record('shop', [{ dataset: llmCalls, events: [llmCall({ id: uuidOf(300) })] }]);
    await store.query.updateTable('metrics').set({ name: 'Turnover' }).execute();
    await store.query.deleteFrom('validation_tests').execute();
    await store.query.deleteFrom('error_logs').where('error_type', '=', 'plain').execute();
    expect(await changed()).toEqual(
      expect.arrayContaining(['llm_calls', 'metrics', 'error_logs', 'rollup_cells']),
    );
    await (await begin()).pass();
    expect(await changed()).toEqual([]);
    expect(await dumpProject(target, 'shop')).toEqual(await dumpProject(store, 'shop'));
  });

  it('finds a value that differs', async () => {
    await target.query
      .updateTable('llm_calls')
      .set({ latency_ms: 1.5 })
      .where('id', '=', uuidOf(300))
      .execute();
    expect(await changed()).toEqual(['llm_calls']);
    await target.query
      .updateTable('llm_calls')
      .set({ latency_ms: 100 })
      .where('id', '=', uuidOf(300))
      .execute();
  });

  it('is not served before it is complete, even after a run with --follow', async () => {
    const listeners = process.listenerCount('SIGINT');
    const from = running.databaseUrl;
    const following = runCommand(['copy', '--from', from, '--to', url, '--follow', '--json']);
    await vi.waitFor(() => expect(process.listenerCount('SIGINT')).toBeGreaterThan(listeners), 10_000);
    process.emit('SIGINT', 'SIGINT');
    const followed = await following;
    expect(followed).toMatchObject({ code: EXIT_CODES.done });
    expect(JSON.parse(followed.stdout)).toMatchObject({ equal: true, complete: false });

    const served = await runCommand(['serve'], { DATABASE_URL: url });
    expect(served).toMatchObject({
      code: EXIT_CODES.refused,
      stderr: expect.stringContaining(`the database is an unfinished copy of ${withoutPassword(from)}`),
    });
  });

  it('is completed by the command, which refuses a database with rows of its own', async () => {
    const from = running.databaseUrl.replace(/^file:/, 'sqlite:');
    const copied = (...words: string[]) =>
      runCommand(['copy', ...words], { SQLITE_READERS: String(TEST_SQLITE_READERS) });
    const done = await copied('--from', from, '--to', url, '--json');
    expect(done).toMatchObject({ code: EXIT_CODES.done });
    const { complete, tables } = JSON.parse(done.stdout);
    expect(complete).toBe(true);
    expect(await runCommand(['keys', 'list'], { DATABASE_URL: url })).toMatchObject({
      code: EXIT_CODES.done,
    });
    expect(tables).toContainEqual(
      expect.objectContaining({ table: 'llm_calls', source: expect.objectContaining({ rows: 14 }) }),
    );
    const again = await copied('--from', from, '--to', url);
    expect(again).toMatchObject({
      code: EXIT_CODES.refused,
      stderr: expect.stringContaining('--to: the database has rows in'),
    });
    const itself = await copied('--from', from, '--to', from);
    expect(itself).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringContaining('--to: this is the same database as --from'),
    });
  });
});

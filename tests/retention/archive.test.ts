import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, expect, it } from 'vitest';
import { createArchive } from '../../src/archive/archive.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createRetention } from '../../src/retention/retention.ts';
import type { Store } from '../../src/storage/store.ts';
import { callGroup, callRow, idOf, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';

const DAY_MS = 86_400_000;
const DAYS = ['2026-08-12', '2026-08-11'];

describeEachDatabase('the archive of expired rows', (database) => {
  const stores = useStores(database);
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  const aged = (days: number, values = {}) => {
    const timestamp = NOON - days * DAY_MS;
    return callRow({ timestamp, receivedAt: timestamp, ...values });
  };
  const retentionOf = (store: Store, folder: string) =>
    createRetention({
      ...{ store, clock: createTestClock(NOON), datasets: [llmCalls], retentionDays: null },
      archive: createArchive({ folder, store }),
    });
  async function openFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'telltale-archive-'));
    folders.push(folder);
    return folder;
  }
  async function read(folder: string, sql: string): Promise<unknown[][]> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      sql.replace('$files', `read_parquet('${folder}/llmCalls/*/*.parquet')`),
    );
    connection.closeSync();
    instance.closeSync();
    return result.getRowsJson() as unknown[][];
  }
  const idsIn = async (store: Store) =>
    (await store.query.selectFrom('llm_calls').select('id').execute()).map(({ id }) => id);

  it('has every removed row once, with all its values, in a file per project and day', async () => {
    const [store, folder] = [await stores.open(), await openFolder()];
    const attributes = { region: 'eu', tags: ['ä', 'b'] };
    const [first, late] = [
      aged(100, { attributes: JSON.stringify(attributes), cost: 7, cached: true }),
      aged(101, { receivedAt: NOON }),
    ];
    const other = aged(101, { projectId: 'other' });
    const kept = aged(3);
    await store.append([callGroup(first, aged(101), late, other, kept)]);
    // A leftover of a killed process, which is not part of the archive.
    const directory = join(folder, 'llmCalls', 'default');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, `${DAYS[0]}.parquet.999999999.partial`), 'half');

    const [removal] = await retentionOf(store, folder).run();
    expect(removal).toMatchObject({ rows: 3, archived: 3 });
    expect(await idsIn(store)).toEqual(expect.arrayContaining([idOf(late), idOf(kept)]));
    expect((await readdir(directory)).sort()).toEqual([`${DAYS[1]}.parquet`, `${DAYS[0]}.parquet`]);
    expect(await readdir(join(folder, 'llmCalls', 'other'))).toEqual([`${DAYS[1]}.parquet`]);
    const columns =
      'id, cast(timestamp as varchar), cost_nano_usd, cached, latency_ms, attributes, project_id';
    const [row] = await read(folder, `select ${columns} from $files where id = '${idOf(first)}'`);
    expect(row?.slice(0, 5)).toEqual([idOf(first), `${DAYS[0]} 12:00:00`, '7', true, 812.5]);
    expect(JSON.parse(String(row?.[5]))).toEqual(attributes);
    expect(await read(folder, 'select count(*) from $files')).toEqual([['3']]);
  });

  it('keeps no row twice if a run was killed before it removed, and adds rows of a day that expire later', async () => {
    const [store, folder] = [await stores.open(), await openFolder()];
    await store.append([callGroup(aged(100), aged(100))]);
    const archive = createArchive({ folder, store });
    const expired = {
      dataset: llmCalls,
      projectId: 'default',
      oldest: NOON - 100 * DAY_MS,
      before: NOON - 90.5 * DAY_MS,
    };
    for await (const added of archive.keep(expired)) expect(added).toBe(2);
    await store.append([callGroup(aged(100))]);
    expect(await retentionOf(store, folder).run()).toMatchObject([{ rows: 3, archived: 1 }]);
    expect((await readdir(join(folder, 'llmCalls', 'default'))).sort()).toEqual([
      `${DAYS[0]}.2.parquet`,
      `${DAYS[0]}.parquet`,
    ]);
    expect(await read(folder, 'select count(*), count(distinct id) from $files')).toEqual([['3', '3']]);
  });

  it('writes more rows of a day after the last existing file, even if the first was taken away', async () => {
    const [store, folder] = [await stores.open(), await openFolder()];
    const directory = join(folder, 'llmCalls', 'default');
    for (const part of ['first', 'second']) {
      await store.append([callGroup(aged(100, { userId: part }))]);
      await retentionOf(store, folder).run();
    }
    await rm(join(directory, `${DAYS[0]}.parquet`));
    await store.append([callGroup(aged(100))]);
    expect(await retentionOf(store, folder).run()).toMatchObject([{ rows: 1, archived: 1 }]);
    expect((await readdir(directory)).sort()).toEqual([`${DAYS[0]}.2.parquet`, `${DAYS[0]}.3.parquet`]);
  });

  it('writes files for its user alone', async () => {
    const [store, folder] = [await stores.open(), await openFolder()];
    await store.append([callGroup(aged(100))]);
    await retentionOf(store, folder).run();
    const directory = join(folder, 'llmCalls', 'default');
    const modes = [directory, join(directory, `${DAYS[0]}.parquet`)].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600]);
  });

  // It takes a minute or more, so run it manually after changes.
  it.runIf(process.env['ARCHIVE_ALL'])(
    'archives a day that does not fit into memory',
    { timeout: 300_000 },
    async () => {
      const [store, folder] = [await stores.open(), await openFolder()];
      const directory = join(folder, 'llmCalls', 'default');
      for (let batch = 0; batch < 20; batch++) {
        const text = () => JSON.stringify({ text: randomBytes(2_000).toString('hex') });
        const rows = Array.from({ length: 2_000 }, () => aged(100, { attributes: text() }));
        await store.append([callGroup(...rows)]);
      }
      const expired = { oldest: NOON - 100 * DAY_MS, before: NOON - 90.5 * DAY_MS };
      const archive = createArchive({ folder, store, memoryBytes: 128_000_000 });
      for await (const added of archive.keep({ dataset: llmCalls, projectId: 'default', ...expired })) {
        expect(added).toBe(40_000);
        expect(await readdir(directory)).toContain(`memory.${process.pid}.partial`);
      }
      expect(await readdir(directory)).toEqual([`${DAYS[0]}.parquet`]);
      const order =
        'select count(*) from (select id, lag(id) over () as before from $files) where id < before';
      expect(await read(folder, order)).toEqual([['0']]);
    },
  );

  it('keeps rows that cannot be archived, and says what the folder must be', async () => {
    const [store, folder] = [await stores.open(), await openFolder()];
    const file = join(folder, 'file');
    await writeFile(file, '');
    await store.append([callGroup(aged(100))]);
    const retention = retentionOf(store, file);
    await expect(retention.run()).rejects.toThrow(
      /RETENTION_ARCHIVE_DIR: .* must be a folder that the server can write/,
    );
    expect(await idsIn(store)).toHaveLength(1);
    const [run] = await retention.runs.newest(1);
    expect(run).toMatchObject({ status: 'FAILED', error: expect.stringContaining('Nothing was removed') });
  });
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../src/core/dataset/row.ts';
import { createDatabase, removeDatabase } from '../lib/database.ts';
import { CACHE, fromSource, ROOT } from '../lib/paths.ts';
import { makeRows, ROWS_VERSION } from './rows.ts';

const ROWS_PER_APPEND = 5000;
const CLEAN_EVERY_MS = 6 * 60 * 60_000;

const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);
const { createIdSource } = await fromSource<typeof import('../../src/core/ids.ts')>('core/ids.ts');

/** Makes `count` rows. The time in each id is the time of the row. */
export function rowsOf(count: number): Generator<Row> {
  let now = 0;
  const source = createIdSource({ now: () => now });
  return makeRows(count, llmCalls.at, (millisecond) => {
    now = millisecond;
    return source.next();
  });
}

/**
 * Returns the path of a Telltale database with `count` calls. Built once, through the store, so
 * that it has rollups.
 */
export async function ourDatabase(count: number): Promise<string> {
  const file = join(CACHE, `analytics-${count}-${fingerprint()}.db`);
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    if (name.startsWith(`analytics-${count}-`) && /\.db(-\w+)?$/.test(name)) rmSync(join(CACHE, name));
  }
  const building = `${file}.building`;
  await createDatabase(building);
  await fill(`file:${building}`, count);
  renameSync(building, file);
  removeDatabase(building);
  return file;
}

/** Appends `count` calls to an empty database, through the store, so that it has rollups. */
export async function fill(url: string, count: number): Promise<void> {
  const { createStore } =
    await fromSource<typeof import('../../src/storage/create-store.ts')>('storage/create-store.ts');
  const { datasets } =
    await fromSource<typeof import('../../src/declarations/registry.ts')>('declarations/registry.ts');
  const { ensureRollups } =
    await fromSource<typeof import('../../src/rollups/layout.ts')>('rollups/layout.ts');
  const { createRetention } =
    await fromSource<typeof import('../../src/retention/retention.ts')>('retention/retention.ts');
  const store = await createStore({ url, datasets });
  let now = 0;
  let cleanedAt = 0;
  const retention = createRetention({ store, datasets, clock: { now: () => now }, retentionDays: null });
  // As a server does before the first event. Otherwise it would make all cells again.
  await ensureRollups(store, datasets);
  const start = performance.now();
  let written = 0;
  let rows: Row[] = [];
  const flush = async () => {
    if (rows.length === 0) return;
    await store.append([{ parts: [{ dataset: llmCalls, rows }] }]);
    written += rows.length;
    now = Number(rows.at(-1)?.[llmCalls.at.timestamp]);
    rows = [];
    // As a server does periodically. Otherwise its first start would remove the minute cells of a
    // month, and leave a quarter of the file empty.
    if (now - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = now;
    await retention.run();
  };
  for (const row of rowsOf(count)) {
    rows.push(row);
    if (rows.length < ROWS_PER_APPEND) continue;
    await flush();
    if (written % 250_000 === 0)
      process.stderr.write(
        `telltale: ${written.toLocaleString('en')} of ${count.toLocaleString('en')} rows\n`,
      );
  }
  await flush();
  await store.close();
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `telltale: ${Math.round(written / seconds).toLocaleString('en')} rows/s with rollups\n`,
  );
}

/**
 * Changes with the tables, the declaration and the rows: a database of another version is useless.
 */
function fingerprint(): string {
  const hash = createHash('sha256').update(`${ROWS_VERSION}`);
  const { rollups, columns } = llmCalls;
  hash.update(JSON.stringify([rollups, columns.map(({ name, sqlName }) => [name, sqlName])]));
  const migrations = join(ROOT, 'prisma', 'migrations', 'sqlite');
  for (const name of readdirSync(migrations).sort()) {
    const sql = join(migrations, name, 'migration.sql');
    if (existsSync(sql)) hash.update(readFileSync(sql));
  }
  return hash.digest('hex').slice(0, 10);
}

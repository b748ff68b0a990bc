import { chmodSync, existsSync, rmSync, statfsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readRoom } from '../core/disk-room.ts';
import { sync } from '../storage/files.ts';
import { isLocked } from './copy-path.ts';

/** The sizes of the file in bytes, or a sentence that says why it was left as it is. */
export type CompactedCopy = { readonly before: number; readonly after: number } | string;

/**
 * Writes the tables of a columnar copy to a new file beside it, and replaces the copy once the new
 * file has all rows. A copy that cannot be read is left to the server, which rebuilds it.
 */
export async function compactCopy(file: string): Promise<CompactedCopy> {
  if (!existsSync(file)) return 'There is no columnar copy.';
  const before = statSync(file).size;
  const room = readRoom(statfsSync(dirname(file)));
  if (room !== null && room.freeBytes < before)
    return `${file} was left as it is: there is no space for a second file beside it.`;
  const partial = `${file}.compacted`;
  for (const path of [partial, `${partial}.wal`]) rmSync(path, { force: true });
  let instance: DuckDBInstance | null = null;
  try {
    instance = await DuckDBInstance.create(file, { threads: '1' });
    await copyTables(instance, partial);
    chmodSync(partial, statSync(file).mode & 0o777);
    await sync(partial);
    // The former file is still locked: a server that starts must not write to it any more.
    await rename(partial, file);
    rmSync(`${file}.wal`, { force: true });
  } catch (error) {
    rmSync(partial, { force: true });
    const why = isLocked(error) ? 'a server has it open' : String(error);
    return `${file} was left as it is: ${why}.`;
  } finally {
    instance?.closeSync();
  }
  return { before, after: statSync(file).size };
}

/** @throws Error if the new file lacks rows */
async function copyTables(instance: DuckDBInstance, to: string): Promise<void> {
  const connection = await instance.connect();
  try {
    const read = async (sql: string) =>
      (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String));
    const [[source = ''] = []] = await read('select current_database()');
    await connection.run('checkpoint');
    await connection.run(`attach '${to.replaceAll("'", "''")}' as compacted`);
    await connection.run(`copy from database "${source}" to compacted`);
    const tables = await read(
      "select table_name from information_schema.tables where table_catalog = current_database() and table_type = 'BASE TABLE'",
    );
    for (const [table = ''] of tables) {
      const [[is, should] = []] = await read(
        `select (select count(*) from compacted."${table}"), (select count(*) from "${source}"."${table}")`,
      );
      if (is !== should) throw new Error(`the new file has ${is} rows of ${table} instead of ${should}`);
    }
    await connection.run('checkpoint compacted');
    await connection.run('detach compacted');
  } finally {
    connection.closeSync();
  }
}

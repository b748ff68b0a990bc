import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { createCheckpoints } from '../../src/columns/checkpoints.ts';
import { ROWS_TOGETHER } from '../../src/columns/fill-pages.ts';

test('a checkpoint that DuckDB refuses while a question reads is made later', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-checkpoints-'));
  const instance = await DuckDBInstance.create(join(folder, 'copy.duckdb'));
  try {
    const connection = await instance.connect();
    await connection.run('create table position as select 1 as number');
    await connection.run('create table rows as select * from range(10000)');
    const checkpoints = createCheckpoints(connection, () => false);
    const question = await (await instance.connect()).stream('select * from rows');
    await question.fetchChunk();
    await connection.run('update position set number = 2');
    checkpoints.note(ROWS_TOGETHER);
    await checkpoints.run();
    expect(checkpoints.isDue).toBe(true);
    while ((await question.fetchChunk())?.rowCount);
    await checkpoints.run();
    expect(checkpoints.isDue).toBe(false);
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
});

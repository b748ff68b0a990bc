import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeOneDatabase } from '../support/databases.ts';
import { useCopiedStores } from './support/copied-stores.ts';

describeOneDatabase('the file of a columnar copy', (database) => {
  const { open, openClosed, expectAnew } = useCopiedStores(database);

  test.each<[string, (file: string) => Promise<void>, RegExp]>([
    ['is no database', (file) => writeFile(file, 'not a database'), /not a valid DuckDB database/],
    ['was cut off', (file) => truncate(file, 5_000), /is being rebuilt/],
    ['is empty', (file) => truncate(file, 0), /is being rebuilt/],
  ])('is being rebuilt if the file %s', async (_, damage, said) => {
    const { url, store, copy } = await openClosed();
    await rm(`${copy.file}.wal`, { force: true });
    await damage(copy.file);
    await expectAnew(url, store, said);
  });

  test('is rebuilt if the file is gone', async () => {
    const { url, copy } = await openClosed();
    await rm(copy.file);
    const again = await open(url);
    expect(again.problems).toEqual([]);
    expect(await again.catchUp('llmCalls')).toBeNull();
    expect(await again.rowsOf(llmCalls)).toHaveLength(6);
    expect(await stat(copy.file)).toMatchObject({ size: expect.any(Number), mode: 0o100600 });
  });
});

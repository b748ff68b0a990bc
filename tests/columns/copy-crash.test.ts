import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeOneDatabase } from '../support/databases.ts';
import { fileOfCopy, storedRows, useCopies } from './support/copies.ts';

const CHILD = fileURLToPath(new URL('./support/feed-until-killed.ts', import.meta.url));
const FEEDS_BEFORE_KILL = 30;

describeOneDatabase('a server that is killed while it copies events', (database) => {
  const stores = useStores(database);
  const open = useCopies();

  test('goes on with the copy where it was, and has every event once', async () => {
    const url = await stores.createUrl();
    await feedAndKill(url);
    const store = await stores.open(url);
    const copy = await open(url);
    expect(copy.problems).toEqual([]);
    // Some were copied before the end, not necessarily all.
    expect((await copy.rowsOf(llmCalls)).length).toBeGreaterThanOrEqual(50);
    expect(await copy.catchUp('llmCalls')).toBeNull();
    expect(await copy.rowsOf(llmCalls)).toEqual(await storedRows(store, llmCalls));
  });
});

/** Runs a process that appends and copies events, and kills it in the middle. */
async function feedAndKill(url: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, url, fileOfCopy(url)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let fed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'fed' && ++fed === FEEDS_BEFORE_KILL) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
}

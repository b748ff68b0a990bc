import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow } from './support/calls.ts';
import { useStores } from './support/stores.ts';

const CHILD = fileURLToPath(new URL('./support/ingest-until-killed.ts', import.meta.url));
const BATCHES_BEFORE_KILL = 25;
const ROUNDS = 2;
/** Each round starts a process that compiles what it loads. */
const TIMEOUT_MS = 120_000;

describeEachDatabase('a server that is killed while it stores events', (database) => {
  const stores = useStores(database);

  test('has lost none that it acknowledged, and its rollups are right', { timeout: TIMEOUT_MS }, async () => {
    const url = await stores.createUrl();
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await ingestAndKill(url)));
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 20 * BATCHES_BEFORE_KILL);

    const store = await stores.open(url);
    const { rows, differences } = await verifyRollups(store, llmCalls);
    expect(differences).toEqual([]);
    expect(rows).toBeGreaterThanOrEqual(acknowledged.length);
    // Sent again, each of them is a duplicate.
    const retry = await store.append([callGroup(...acknowledged.map((id) => callRow({ id })))]);
    expect(retry[0]?.fresh[0]?.filter(Boolean)).toEqual([]);
  });
});

/**
 * Runs a process that appends events, kills it in the middle, and answers the ids that it had
 * acknowledged.
 */
async function ingestAndKill(url: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  const ended = once(output, 'close');
  output.on('line', (line) => {
    lines.push(line);
    if (lines.length === BATCHES_BEFORE_KILL) child.kill('SIGKILL');
  });
  const [, signal] = await exited;
  await ended;
  expect(signal).toBe('SIGKILL');
  // The last line may be cut short: then it was never read as an answer.
  return lines.filter((line) => line.endsWith(']')).flatMap((line) => JSON.parse(line) as string[]);
}

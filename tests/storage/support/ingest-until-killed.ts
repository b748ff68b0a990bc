import { createInterface } from 'node:readline';
import { systemClock } from '../../../src/core/clock.ts';
import { createIdSource } from '../../../src/core/ids.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import { callGroup, callRow, idOf } from './calls.ts';

/*
 * A child process for crash tests: appends batches to the database of its argument as fast as it
 * can and prints the ids of each batch after it was acknowledged, a line per batch, until it is
 * killed.
 */
const [url = ''] = process.argv.slice(2);
const store = await createStore({ url, datasets });
const ids = createIdSource(systemClock);

async function appendForEver(): Promise<void> {
  for (;;) {
    const rows = Array.from({ length: 20 }, () => callRow({ id: ids.next(), timestamp: systemClock.now() }));
    await store.append([callGroup(...rows)]);
    process.stdout.write(`${JSON.stringify(rows.map(idOf))}\n`);
  }
}

// Ends with the test, should that not get to kill it.
createInterface({ input: process.stdin }).on('close', () => process.exit(1));
await Promise.all(Array.from({ length: 4 }, appendForEver));

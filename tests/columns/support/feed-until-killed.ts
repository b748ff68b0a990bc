import { createInterface } from 'node:readline';
import { openCopy } from '../../../src/columns/copy.ts';
import { openRows } from '../../../src/columns/open-rows.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import { callGroup, callRow } from '../../storage/support/calls.ts';
import { TEST_SETTINGS } from './settings.ts';

/*
 * A child process for crash tests: appends events to a database and copies them to a file, which its arguments name,
 * as fast as it can, and prints a line for each transaction of the copy, until it is killed.
 */
const [url = '', file = ''] = process.argv.slice(2);
const store = await createStore({ url, datasets });
const copy = await openCopy({
  ...{ file, datasets, source: await openRows(url), pageRows: 50 },
  settings: TEST_SETTINGS,
  onProblem: (problem) => process.stderr.write(`${problem}\n`),
});

// Ends with the test, should that not get to kill it.
createInterface({ input: process.stdin }).on('close', () => process.exit(1));

async function appendForEver(): Promise<void> {
  for (;;) await store.append([callGroup(...Array.from({ length: 60 }, () => callRow()))]);
}

async function feedForEver(): Promise<void> {
  for (;;) {
    await copy.feed();
    process.stdout.write('fed\n');
  }
}

await Promise.all([appendForEver(), feedForEver()]);

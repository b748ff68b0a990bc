import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { removeCopy } from '../../src/columns/copy-path.ts';
import { createRandom } from '../../src/commands/demo/random.ts';
import { fileOfCopy } from '../columns/support/copies.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { expectAllStored } from './support/check-stored.ts';
import { expectCopiesBegun } from './support/copies-begun.ts';
import { announceCase, numbered, rounds, SEED, TIMEOUT_MS, whileThereIsTime } from './support/extent.ts';
import { report, spread } from './support/figures.ts';
import { createLedger } from './support/ledger.ts';
import { serve } from './support/served.ts';
import { startWriters } from './support/writers.ts';

const KILLS = rounds(1, 10);
const GRACE_MS = 5_000;
/** A kill happens at any moment after some batches. */
const MAX_MS_LATER = 40;

beforeEach(announceCase);

describeEachDatabase('a server under eight writers', (database) => {
  test('has stored every acknowledged event once, after kill -9 and after SIGTERM', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const random = createRandom(SEED);
    const ledger = createLedger(SEED);
    const port = await freePort();
    const DATABASE_URL = await database.createMigratedUrl();
    const copyFile = fileOfCopy(DATABASE_URL);
    const environment = {
      ...{ DATABASE_URL, COLUMN_STORE: 'on', COLUMN_STORE_FILE: copyFile },
      SHUTDOWN_GRACE_MS: String(GRACE_MS),
    };
    const writers = startWriters(`http://127.0.0.1:${port}/graphql`, ledger);
    const ready: number[] = [];
    const busy: number[] = [];
    for (const _kill of whileThereIsTime(numbered(KILLS))) {
      await using server = await serve(port, environment);
      ready.push(server.readyMs);
      busy.push(server.readyCpuMs ?? 0);
      await ledger.moreAcknowledged(random.integer(20, 60));
      await pause(random.next() * MAX_MS_LATER);
      server.child.kill('SIGKILL');
      expect(await server.ended).toBe('SIGKILL');
    }
    const cut = new Map(ledger.refusals);
    await using last = await serve(port, environment);
    ready.push(last.readyMs);
    busy.push(last.readyCpuMs ?? 0);
    await ledger.moreAcknowledged(40);
    await expectCopiesBegun(`http://127.0.0.1:${port}`, ledger);
    const stoppedAt = performance.now();
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);
    const stopMs = performance.now() - stoppedAt;
    expect(stopMs).toBeLessThan(GRACE_MS + 5_000);
    await writers.stop('GIVE_UP');
    expect(last.stderr).toBe('');
    await expectAllStored(DATABASE_URL, ledger, copyFile);
    removeCopy(copyFile);
    report(`kill -9 under 8 writers (${database.dialect})`, {
      ...{ kills: ready.length - 1, acknowledged: ledger.events, lost: 0, doubled: 0 },
      ...{ ready: spread(ready), processor: spread(busy), stopMs: Math.round(stopMs) },
      refusals: Object.fromEntries(ledger.refusals),
      before: Object.fromEntries(cut),
    });
  });
});

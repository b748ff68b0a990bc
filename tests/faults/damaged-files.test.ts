import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createRandom } from '../../src/commands/demo/random.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp } from '../support/start-app.ts';
import { announceCase, rounds, SEED, TIMEOUT_MS, whileThereIsTime } from './support/extent.ts';
import { report } from './support/figures.ts';
import { createLedger, type Ledger } from './support/ledger.ts';
import { canMount, openSmallDisk } from './support/small-disk.ts';
import { startWriters } from './support/writers.ts';

const PAGE = 8192;
const TEARS = rounds(2, 30);
const BATCHES = 40;

beforeEach(announceCase);

const fileOf = (url: string): string => url.slice('file:'.length);

async function overwrite(path: string, from: number, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(bytes, 0xa5), 0, bytes, from);
  await file.close();
}

/**
 * How many of the acknowledged batches are stored. Each is stored as a whole, or neither it nor any
 * later one is.
 */
async function expectFirstBatches(url: string, ledger: Ledger): Promise<number> {
  const store = await createStore({ url, datasets });
  try {
    const rows = await store.query.selectFrom(llmCalls.table).select('id').execute();
    const stored = new Set(rows.map(({ id }) => String(id)));
    const shares = ledger
      .idsOf('llmCalls', 'ACKNOWLEDGED')
      .map((ids) => ids.filter((id) => stored.has(id)).length / ids.length);
    expect(shares.filter((share) => share !== 0 && share !== 1)).toEqual([]);
    const count = shares.filter((share) => share === 1).length;
    expect(shares.slice(0, count), 'later batches are stored, earlier ones are not').not.toContain(0);
    expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    return count;
  } finally {
    await store.close();
  }
}

describeOnlyOn('sqlite', 'a file that was damaged', (database) => {
  test('restores the last complete commit before a torn page of the log', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const random = createRandom(SEED);
    const ledger = createLedger(SEED);
    const copies: string[] = [];
    {
      await using app = await startApp({ database });
      const from = fileOf(app.databaseUrl);
      // One after the other, so that batches have an order.
      const writers = startWriters(app.url, ledger, 1);
      await ledger.moreAcknowledged(BATCHES);
      await writers.stop('FINISH');
      for (let tear = 0; tear < TEARS; tear++) {
        const copy = fileOf(await database.createUrl());
        // The files as a crash leaves them. The log is copied before the database file includes it.
        for (const suffix of ['-wal', '']) copyFileSync(`${from}${suffix}`, `${copy}${suffix}`);
        copies.push(copy);
      }
    }
    const kept: number[] = [];
    for (const copy of whileThereIsTime(copies)) {
      const { size } = statSync(`${copy}-wal`);
      const at = Math.floor(size * random.next());
      await overwrite(`${copy}-wal`, at, Math.min(PAGE, size - at));
      kept.push(await expectFirstBatches(`file:${copy}`, ledger));
    }
    report('torn page of the log', { tears: kept.length, of: BATCHES, kept });
  });

  test.each([
    [
      'its first pages',
      (file: string) => overwrite(file, PAGE, 3 * PAGE),
      /The database is damaged\..*`telltale backups` lists the backups/,
    ],
    [
      'its header',
      (file: string) => overwrite(file, 0, PAGE),
      /If it was the database, it is damaged: `telltale backups`/,
    ],
    [
      'its end',
      async (file: string) => truncateSync(file, 20 * PAGE),
      /The database is damaged\..*`telltale backups` lists the backups/,
    ],
  ])('does not start without %s, and says what to do', async (_what, damage, message) => {
    const DATABASE_URL = await database.createMigratedUrl();
    await damage(fileOf(DATABASE_URL));
    const { code, stderr } = await runCommand(['serve'], { DATABASE_URL });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).not.toBe(0);
  });

  test.runIf(canMount)('refuses a read-only file', async () => {
    using disk = openSmallDisk(8);
    const file = join(disk.folder, 'telltale.db');
    copyFileSync(fileOf(await database.createMigratedUrl()), file);
    disk.makeReadOnly();
    for (const command of ['serve', 'migrate']) {
      const { code, stderr } = await runCommand([command], { DATABASE_URL: `file:${file}` });
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: expect.stringContaining('DATABASE_URL: The database can be read but not written.'),
      });
    }
  });
});

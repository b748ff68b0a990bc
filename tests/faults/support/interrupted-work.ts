import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { codeOf } from '../../../src/core/thrown.ts';
import { DAY_MS } from '../../../src/core/time/units.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createRetention } from '../../../src/retention/retention.ts';
import { ensureRollups } from '../../../src/rollups/layout.ts';
import { verifyRollups } from '../../../src/rollups/verify.ts';
import { createStore, openMigrationConnection } from '../../../src/storage/create-store.ts';
import { Sqlite } from '../../../src/storage/dialect/sqlite/driver.ts';
import { createHorizonReader } from '../../../src/storage/horizons.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callGroup, callRow } from '../../storage/support/calls.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { rounds } from './extent.ts';
import type { InterruptedCommand } from './interrupted-command.ts';
import { oldDatabase } from './old-database.ts';

/** A command with a database on which it has much work. */
export interface InterruptedWork extends InterruptedCommand {
  prepare(database: TestDatabase): Promise<string>;
}

const OLD_ROWS = 2_000;
const EXPIRED = rounds(3_000, 12_000);
const KEPT = rounds(3_000, 6_000);
const BATCH = 1_500;

async function withStore<Value>(url: string, work: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await createStore({ url, datasets });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A database with this many expired calls, and others of the last days. */
const withCalls = async (database: TestDatabase, expired: number): Promise<string> => {
  const url = await database.createMigratedUrl();
  await withStore(url, async (store) => {
    await ensureRollups(store, datasets);
    for (let made = 0; made < expired + KEPT; made += BATCH) {
      const age = made < expired ? 100 + (made / expired) * 30 : 1 + (made - expired) / BATCH;
      const timestamp = Math.floor(Date.now() / DAY_MS - age) * DAY_MS;
      const rows = Array.from({ length: BATCH }, (_, index) =>
        callRow({ timestamp: timestamp + index * 20_000, receivedAt: timestamp + index * 20_000 }),
      );
      await store.append([callGroup(...rows)]);
    }
  });
  return url;
};

const keptSince = () => Math.floor(Date.now() / DAY_MS - 20) * DAY_MS;

async function countOf(store: Store, when: '<' | '>='): Promise<number> {
  const { count } = await store.query
    .selectFrom(llmCalls.table)
    .select((expression) => expression.fn.countAll().as('count'))
    .where('timestamp', when, store.functions.instant(keptSince()))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const migrate: InterruptedWork = {
  words: () => ['migrate'],
  prepare: async (database) => oldDatabase(await database.createUrl(), OLD_ROWS),
  async check(url) {
    const connection = await openMigrationConnection(url);
    try {
      const [row] = await connection.query('select count(*) as count from error_logs');
      expect(Number(row?.['count'])).toBe(OLD_ROWS);
    } finally {
      await connection.close();
    }
    if (url.startsWith('file:')) for (const file of backupsOf(url)) expectWhole(file);
  },
  async done(url) {
    const names = url.startsWith('file:')
      ? readdirSync(join(dirname(url.slice('file:'.length)), 'backups'))
      : [];
    expect(names.filter((name) => name.endsWith('.partial'))).toEqual([]);
    await withStore(url, async (store) => {
      expect(await store.query.selectFrom('llm_calls').select('id').execute()).toEqual([]);
    });
  },
};

const retention: InterruptedWork = {
  words: () => ['retention', '--yes'],
  prepare: (database) => withCalls(database, EXPIRED),
  check: (url) =>
    withStore(url, async (store) => {
      expect(await countOf(store, '>=')).toBe(KEPT);
      expect((await verifyRollups(store, llmCalls)).differences).toEqual([]);
    }),
  done: (url) =>
    withStore(url, async (store) => {
      expect(await countOf(store, '<')).toBe(0);
    }),
};

/** `retention` makes missing cells before it removes anything. */
const rollups: InterruptedWork = {
  words: () => ['retention', '--yes'],
  async prepare(database) {
    const url = await withCalls(database, 0);
    await withStore(url, async ({ query }) => {
      await query.deleteFrom('rollup_layouts').where('dataset', '=', llmCalls.name).execute();
      await query.deleteFrom('rollup_cells').where('dataset', '=', llmCalls.name).execute();
    });
    return url;
  },
  // With any number of cells so far, the answer is complete.
  check: (url) =>
    withStore(url, async (store) => {
      await ensureRollups(store, datasets);
      const analytics = createAnalytics({ store, horizons: createHorizonReader(store.query) });
      const range = { from: keptSince(), to: keptSince() + 30 * DAY_MS };
      const { value } = await analytics.totals(
        { dataset: llmCalls, projectId: 'default', range, filter: null },
        [],
      );
      expect(value.rowCount).toBe(KEPT);
    }),
  done: (url) =>
    withStore(url, async (store) => {
      expect(await verifyRollups(store, llmCalls)).toMatchObject({ rows: KEPT, differences: [] });
    }),
};

/** Retention has left more free pages than there are rows. */
const compact: InterruptedWork = {
  ...retention,
  words: () => ['compact'],
  async prepare(database) {
    const url = await withCalls(database, EXPIRED);
    await withStore(url, async (store) => {
      await createRetention({ store, clock: systemClock, datasets: [llmCalls], retentionDays: null }).run();
    });
    return url;
  },
  async done(url) {
    await retention.done(url);
    if (url.startsWith('file:')) expect(freePagesOf(url)).toBe(0);
  },
};

/** To kill another command, add a line. */
export const INTERRUPTED = { migrate, retention, rollups, compact } satisfies Record<string, InterruptedWork>;

function backupsOf(url: string): string[] {
  const folder = join(dirname(url.slice('file:'.length)), 'backups');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.backup'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function freePagesOf(url: string): unknown {
  const connection = new Sqlite(url.slice('file:'.length), { readonly: true });
  try {
    return connection.pragma('freelist_count', { simple: true });
  } finally {
    connection.close();
  }
}

/** Every file with the name of a backup must be a backup. */
function expectWhole(file: string): void {
  const backup = new Sqlite(file, { readonly: true });
  try {
    expect(backup.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(backup.prepare('select count(*) from error_logs').pluck().get()).toBe(OLD_ROWS);
  } finally {
    backup.close();
  }
}

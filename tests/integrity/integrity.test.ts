import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeCopy } from '../../src/columns/copy-path.ts';
import { createColumns } from '../../src/columns/create-columns.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { createIntegrity } from '../../src/integrity/integrity.ts';
import type { IntegrityReport } from '../../src/integrity/report.ts';
import { createStore } from '../../src/storage/create-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { fileOfCopy } from '../columns/support/copies.ts';
import { TEST_SETTINGS } from '../columns/support/settings.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { keptClients } from '../support/kept-clients.ts';
import { keptThreads } from '../support/kept-threads.ts';
import { runCommand } from '../support/run-command.ts';
import { createTestClock } from '../support/test-clock.ts';

const DAY_MS = 86_400_000;
const PAGE_SIZE = 8192;

/** The check, the subject and the problem of all findings. */
const found = ({ checks }: IntegrityReport) =>
  checks.flatMap(({ findings }) =>
    findings.map(({ check, subject, problem }) => `${check} ${subject}: ${problem}`),
  );

describeEachDatabase('the check of a database', (database) => {
  let url: string;
  let store: Store;
  const clock = createTestClock(NOON + DAY_MS);
  const integrityOf = (columns: Parameters<typeof createIntegrity>[0]['columns'] = 'There is none.') =>
    createIntegrity({ store, clock, datasets, states, columns, retentionDays: null });
  const reopen = async () => {
    store = await createStore({ url, datasets, states, threads: keptThreads, clients: keptClients });
  };
  const verify = (...words: string[]) => runCommand(['verify', ...words], { DATABASE_URL: url });

  beforeAll(async () => {
    url = await database.createMigratedUrl();
    await reopen();
    await store.append([callGroup(...[0, 1, 2].map((day) => callRow({ timestamp: NOON - day * DAY_MS })))]);
  });
  afterAll(() => store.close());

  it('finds nothing wrong in what the server stores, checks all of it, and reports what it could not check', async () => {
    const report = await integrityOf().check({ mode: 'FULL' });
    expect(found(report)).toEqual([]);
    const [pages, orphans, values, rollups, columns] = report.checks;
    expect([pages?.check, orphans?.check]).toEqual(['DATABASE', 'ORPHANS']);
    expect(values?.looked).toBe(3);
    expect(rollups?.looked).toBeGreaterThan(3);
    expect(columns?.unchecked).toEqual(['There is none.']);
  });

  it('reports its progress, and ends on request', async () => {
    const reported: number[] = [];
    const stop = new AbortController();
    const report = integrityOf().check({
      mode: 'FULL',
      signal: stop.signal,
      onProgress(done, what) {
        reported.push(done);
        if (what.startsWith('llmCalls')) stop.abort(new Error(`stopped at ${what}`));
      },
    });
    await expect(report).rejects.toThrow('stopped at llmCalls of default on 2026-11-20');
    expect(reported).toEqual([...reported].sort((one, other) => one - other));
    expect(reported.every((done) => done > 0 && done < 1)).toBe(true);
  });

  describe('of a database with a columnar copy', () => {
    it.skipIf(notOnCitus('COLUMNS'))('compares it with the rows, by day', async () => {
      const file = fileOfCopy(url);
      const columns = createColumns({
        ...{ databaseUrl: url, file, datasets, store },
        ...{ settings: TEST_SETTINGS, fromEvents: 0, onProblem: () => {} },
      });
      try {
        const options = { mode: 'FULL', only: ['COLUMNS'] } as const;
        const whole = await integrityOf(columns).check(options);
        expect(whole.checks).toMatchObject([{ looked: 3, found: 0, unchecked: [] }]);
        const price = (cost: number) =>
          store.query.updateTable('llm_calls').set({ cost_nano_usd: cost }).execute();
        await price(1);
        const changed = await integrityOf(columns).check(options);
        await price(450_000);
        expect(changed.checks).toMatchObject([{ found: 3 }]);
        expect(found(changed)[0]).toBe(
          'COLUMNS llmCalls: The columnar copy of llmCalls on 2026-11-18 has 450000 as the sum of cost_nano_usd, and its rows have 1.',
        );
      } finally {
        await columns.close();
        removeCopy(file);
      }
    });
  });

  it('finds rows without a parent, and values that no event may have', async () => {
    const { query, functions } = store;
    const change = { project_id: 'default', id: randomUUID(), metric_id: 'gone', version: 1, field: 'NAME' };
    const changed = { ...change, changed_by: 'ada', changed_at: functions.instant(NOON) };
    await query.insertInto('metric_changes').values(changed).execute();
    await query
      .insertInto('retention_horizons')
      .values({
        ...{ project_id: 'default', dataset: 'formerCalls', source: 'RAW', dimension_set: '', instant: 0 },
      })
      .execute();
    await query.insertInto('alert_counters').values({ project_id: 'vanished', last: 3 }).execute();
    const days = [
      { latency_ms: -5 },
      { cost_source: 'GUESSED' },
      { received_at: functions.instant(NOON + 30 * DAY_MS) },
    ];
    for (const [day, values] of days.entries()) {
      await query
        .updateTable('llm_calls')
        .set(values)
        .where('timestamp', '=', functions.instant(NOON - day * DAY_MS))
        .execute();
    }
    const report = await integrityOf().check({ mode: 'QUICK', only: ['ORPHANS', 'VALUES'] });
    for (const table of ['metric_changes', 'retention_horizons', 'alert_counters'])
      await query.deleteFrom(table).execute();
    await query
      .updateTable('llm_calls')
      .set({
        ...{ latency_ms: 812.5, cost_source: 'COMPUTED', received_at: functions.instant(NOON) },
      })
      .execute();
    const problems = found(report).join('\n');
    expect(report.checks.map(({ found: count }) => count)).toEqual([3, 3]);
    expect(problems).toContain(
      'alert_counters: 1 rows of alert_counters belong to the project "vanished", which does not exist.',
    );
    expect(problems).toContain('retention_horizons has rows of the dataset "formerCalls"');
    expect(problems).toContain(
      '1 rows of metric_changes refer by metric_id to a row of metrics that does not exist.',
    );
    expect(problems).toMatch(/latencyMs of llmCalls [\w-]+ is -5, which is not from 0 to/);
    expect(problems).toMatch(/costSource of llmCalls [\w-]+ is "GUESSED", which is not one of/);
    expect(problems).toMatch(
      /receivedAt of llmCalls [\w-]+ is 2026-12-20T12:00:00.000Z, which is in the future/,
    );
  });

  it('finds wrong totals, as a command with the exit code 5, and another command repairs them', async () => {
    await store.query.updateTable('rollup_cells').set({ row_count: 7 }).where('grain', '=', 'DAY').execute();
    const quick = await verify();
    expect(quick).toMatchObject({ code: 5, stderr: expect.stringMatching(/Verifying +\d+ %/) });
    expect(quick.stdout).toContain(
      'The total of llmCalls on 2026-11-20 counts 7 events, and there are 1 rows.',
    );
    expect(quick.stdout).toContain(
      '→ Rebuild them from the rows, even while servers run: telltale rollups rebuild',
    );
    const full = await runCommand(['rollups', 'verify', '--json'], { DATABASE_URL: url });
    expect(full.code).toBe(5);
    expect(JSON.parse(full.stdout).checks).toMatchObject([{ check: 'ROLLUPS', found: 3 }]);

    const wrong = await runCommand(['rollups', 'rebuild', '--dataset', 'calls'], { DATABASE_URL: url });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are: requestLogs, llmCalls'),
    });
    const rebuilt = await runCommand(['rollups', 'rebuild', '--dataset', 'llmCalls'], { DATABASE_URL: url });
    expect(rebuilt).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/llmCalls +3 rows → +\d+ cells/),
    });
    expect(await verify('--full')).toMatchObject({ code: 0 });
  });

  if (database.dialect === 'sqlite') {
    it('names the index or the table of a damaged page, and rebuilds the index', async () => {
      const { rows } = await sql<{ name: string; page: number }>`select name, max(pageno) as page from dbstat
        where name in ('llm_calls', 'llm_calls_project_id_timestamp_idx') and pagetype = 'leaf' group by name`.execute(
        store.query,
      );
      await store.close();
      /** Overwrites bytes of the last leaf of a tree. */
      const damage = async (name: string, bytes: Buffer, at: number) => {
        const handle = await open(url.slice('file:'.length), 'r+');
        const page = rows.find((row) => row.name === name)?.page ?? 0;
        await handle.write(bytes, 0, bytes.length, (page - 1) * PAGE_SIZE + at);
        await handle.close();
      };
      const name = 'llm_calls_project_id_timestamp_idx';
      await damage(name, Buffer.of(0x5a), PAGE_SIZE - 4);
      const index = await verify('--full');
      expect(index.code).toBe(5);
      expect(index.stdout).toContain(`The index ${name} of the table llm_calls is damaged: row`);
      expect(index.stdout).toContain(`telltale verify --reindex ${name}`);
      const wrong = await verify('--reindex', 'none');
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no index "none"') });
      expect(await verify('--full', '--reindex', name)).toMatchObject({ code: 0 });
      await damage('llm_calls', Buffer.alloc(PAGE_SIZE / 2, 0x5a), 0);
      const table = await verify();
      expect(table.code).toBe(5);
      expect(table.stdout).toContain('DATABASE: The table llm_calls is damaged');
      expect(table.stdout).toContain('restore the last intact backup');
      await reopen();
    });
    return;
  }

  it.skipIf(notOnCitus('PAGES'))(
    'checks with amcheck where that is installed, and names an incomplete index',
    async () => {
      const pages = () => integrityOf().check({ mode: 'FULL', only: ['DATABASE'] });
      expect((await pages()).checks[0]?.unchecked).toEqual([
        expect.stringContaining('create extension amcheck'),
      ]);
      await sql`create extension amcheck`.execute(store.query);
      const name = 'llm_calls_project_id_request_id_idx';
      const checked = await pages();
      expect(checked.checks[0]).toMatchObject({ unchecked: [], found: 0 });
      expect(checked.checks[0]?.looked).toBeGreaterThan(50);
      await sql`update pg_index set indisvalid = false where indexrelid = cast(${name} as regclass)`.execute(
        store.query,
      );
      expect(found(await pages())).toEqual([
        `DATABASE ${name}: The index ${name} of the table llm_calls is damaged: PostgreSQL does ` +
          'not use it: it was not built completely.',
      ]);
      expect(await verify('--reindex', name)).toMatchObject({ code: 0 });
    },
  );
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { derivedId } from '../../src/core/ids.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { createStore } from '../../src/storage/create-store.ts';
import type { Store } from '../../src/storage/store.ts';
import type { MovedRow } from '../../src/transfer/stored-tables.ts';
import { ALLOWED } from '../alerting/delivery/support/worker.ts';
import { describeEachDatabase, TEST_SQLITE_READERS } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { DAY_MS, dumpProject, fillProject, HOOK_SECRET } from './support/full-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * The rows without the parts that an archive leaves out, and without the instance that wrote a
 * cell.
 */
function comparable(table: string, row: MovedRow): MovedRow | null {
  if (table === 'webhooks') return { ...row, secret: null, enabled: null };
  return table === 'rollup_cells' ? { ...row, writer: null } : row;
}

describeEachDatabase('an archive of a project', (database) => {
  let running: TestApp;
  let targetUrl: string;
  let target: Store;
  const file = join(folder, `${database.dialect}.tar.gz`);

  const telltale = (url: string, ...words: string[]) =>
    runCommand(words, {
      ...{
        DATABASE_URL: url,
        SQLITE_READERS: String(TEST_SQLITE_READERS),
        PRICES_FILE: join(folder, 'p.json'),
      },
    });

  beforeAll(async () => {
    writeFileSync(join(folder, 'p.json'), '[]');
    const clock = createTestClock(Date.now() - 41 * DAY_MS);
    running = await startApp({ database, clock, environment: ALLOWED });
    await fillProject(running.app, clock);
    targetUrl = await database.createMigratedUrl();
    target = await createStore({ url: targetUrl, datasets, states, readers: 1 });
  });
  afterAll(async () => {
    await target?.close();
    await running[Symbol.asyncDispose]();
  });

  it('has everything except secrets, and can be imported completely, any number of times', async () => {
    const made = await telltale(
      running.databaseUrl,
      'export',
      '--project',
      'shop',
      '--output',
      file,
      '--json',
    );
    expect(made).toMatchObject({ code: EXIT_CODES.done });
    const tar = gunzipSync(readFileSync(file)).toString();
    expect(tar).toContain('settings/prices.json');
    expect(tar).not.toContain(HOOK_SECRET);
    expect(tar).not.toContain('"blog"');

    const source = await dumpProject(running.app.services.store, 'shop', comparable);
    expect(Object.keys(source)).toEqual(
      expect.arrayContaining(['webhooks', 'metric_changes', 'retention_horizons']),
    );
    const prices = join(folder, 'brought.json');
    const restored = await telltale(targetUrl, 'import', 'archive', file, '--json', '--prices', prices);
    expect(restored).toMatchObject({ code: EXIT_CODES.done });
    expect(JSON.parse(restored.stdout)).toMatchObject({ projectId: 'shop', problems: [], prices });
    expect(readFileSync(prices, 'utf8')).toBe('[]');
    expect(await dumpProject(target, 'shop', comparable)).toEqual(source);
    const [webhook] = (await dumpProject(target, 'shop'))['webhooks'] ?? [];
    expect(JSON.parse(webhook ?? '')).toMatchObject({
      enabled: false,
      secret: expect.stringMatching(/^whsec_/),
    });

    const again = await telltale(targetUrl, 'import', 'archive', file, '--json');
    const { tables } = JSON.parse(again.stdout) as { tables: Record<string, { stored: number }> };
    expect(Object.values(tables).map(({ stored }) => stored)).toEqual(Object.keys(tables).map(() => 0));
    expect(await dumpProject(target, 'shop', comparable)).toEqual(source);
  });

  it('can be imported into another project, whose ids follow from its name', async () => {
    const copied = await telltale(targetUrl, 'import', 'archive', file, '--project', 'copy');
    expect(copied).toMatchObject({
      code: EXIT_CODES.done,
      stdout: expect.stringContaining('The project copy is in'),
    });
    const withoutIds = (table: string, row: MovedRow) => {
      const compared = comparable(table, row);
      return compared === null ? null : { ...compared, id: null, project_id: null };
    };
    const source = await dumpProject(running.app.services.store, 'shop', withoutIds);
    expect(await dumpProject(target, 'copy', withoutIds)).toEqual(source);
    const rows = (await dumpProject(target, 'copy'))['request_logs'] ?? [];
    for (const row of rows.map((text) => JSON.parse(text)))
      expect(row.id).toBe(derivedId('copy', 'requestLogs', row.request_id));
  });

  it('is refused if it is cut off, not an archive, or cannot be added up', async () => {
    const cut = join(folder, 'cut.tar.gz');
    const whole = readFileSync(file);
    writeFileSync(cut, whole.subarray(0, whole.length - 2000));
    const refused: [string[], string][] = [
      [[cut, '--project', 'cut'], 'The archive cannot be used'],
      [[join(folder, 'p.json')], 'The archive cannot be used'],
      [[file, '--project', 'No'], '--project: "No" is not a valid project id'],
      [[file, '--url', 'http://127.0.0.1/graphql'], '--url: an archive is imported into the database itself'],
    ];
    for (const [words, message] of refused) {
      const { code, stderr } = await telltale(targetUrl, 'import', 'archive', ...words);
      expect({ words, code, stderr }).toEqual({
        ...{ words, code: EXIT_CODES.usage },
        stderr: expect.stringContaining(message),
      });
    }
    // For this time, the archive has only totals.
    const old = join(folder, 'old.jsonl');
    const timestamp = new Date(Date.now() - 60 * DAY_MS).toISOString();
    writeFileSync(old, JSON.stringify(llmCall({ timestamp })));
    const now = new Date();
    await target.prisma.project.create({
      data: { projectId: 'mixed', name: 'mixed', createdAt: now, updatedAt: now },
    });
    const environment = { DATABASE_URL: targetUrl, TELLTALE_PROJECT: 'mixed' };
    expect(await runCommand(['import', 'jsonl', old, '--database', targetUrl], environment)).toMatchObject({
      code: 0,
    });
    const mixed = await telltale(targetUrl, 'import', 'archive', file, '--project', 'mixed');
    expect(mixed).toMatchObject({
      code: EXIT_CODES.refused,
      stderr: expect.stringContaining('the two cannot be combined'),
    });
  });
});

import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { followLive } from '../faults/support/follow-live.ts';
import { llmCall } from '../support/events.ts';
import { describePooled, openPooler, type Pooler } from '../support/pooler.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

describePooled('a server behind a pooler', (database) => {
  let pooler: Pooler;
  let app: TestApp;
  let environment: Record<string, string>;
  beforeAll(async () => {
    // The database is empty, and the server migrates it.
    const DATABASE_DIRECT_URL = await database.createUrl();
    pooler = await openPooler(DATABASE_DIRECT_URL);
    environment = {
      DATABASE_URL: pooler.urlOf(DATABASE_DIRECT_URL),
      DATABASE_DIRECT_URL,
      COLUMN_STORE: 'off',
    };
    app = await startApp({ database, databaseUrl: String(environment['DATABASE_URL']), environment });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await pooler[Symbol.asyncDispose]();
  });

  test('records, notifies subscribers, and runs more queries at a time than the pooler has connections', async () => {
    await using tail = await followLive(app.url);
    expect(await app.query(RECORD, { input: [llmCall({}), llmCall({ provider: 'anthropic' })] })).toEqual({
      recordLlmCalls: { accepted: 2 },
    });
    await expect.poll(() => tail.events).toBe(2);
    const asked = `{ llmCallAnalytics(range: { last: "P1D" }) { totals { count } } llmCalls { totalCount } agents { totalCount } }`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => app.query(asked)));
    const expected = { llmCallAnalytics: { totals: { count: 2 } }, llmCalls: { totalCount: 2 } };
    expect(answers).toEqual(answers.map(() => ({ ...expected, agents: { totalCount: 0 } })));
    expect((await fetch(new URL('/readyz', app.url))).status).toBe(200);
  });

  test('changes states', async () => {
    const create =
      'mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) { savedView { name } } }';
    const views = Array.from({ length: 4 }, (_, view) => ({ name: `view ${view}`, path: '/errors' }));
    await Promise.all(views.map((input) => app.query(create, { input })));
    expect(await app.query('{ savedViews { totalCount } }')).toEqual({ savedViews: { totalCount: 4 } });
  });

  test('has no problem for the doctor, which checks both connections', async () => {
    const { stdout } = await runCommand(['doctor', '--json'], environment);
    const { findings } = JSON.parse(stdout);
    const ofDatabase = findings.filter(({ check }: { check: string }) => check === 'database');
    expect(ofDatabase).toEqual([
      expect.objectContaining({ verdict: 'ok', finding: expect.stringContaining('answers and is at') }),
      expect.objectContaining({ verdict: 'ok', finding: expect.stringMatching(/^The pooler at .* answers/) }),
    ]);
  });

  test('is backed up directly, without the pooler', async () => {
    const folder = await mkdtemp(join(inject('databaseFolder'), 'dump-'));
    const program = join(folder, 'pg_dump');
    const called = join(folder, 'called');
    const script = `#!/bin/sh\n[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) 99.0' && exit\necho "$@" > ${called}\nexit 1\n`;
    for (const path of [program, join(folder, 'pg_restore')]) {
      await writeFile(path, script);
      await chmod(path, 0o755);
    }
    await runCommand(['backup'], { ...environment, PG_DUMP: program, BACKUP_DIR: folder });
    expect(await readFile(called, 'utf8')).toContain(
      new URL(String(environment['DATABASE_DIRECT_URL'])).host,
    );
  });

  test('does not start without a direct URL, and says which variable is missing', async () => {
    const { code, stderr } = await runCommand(['migrate'], {
      DATABASE_URL: String(environment['DATABASE_URL']),
    });
    expect(code).toBe(EXIT_CODES.configuration);
    expect(stderr).toContain(
      'DATABASE_DIRECT_URL: The database is reached through a pooler in transaction mode',
    );
  });
});

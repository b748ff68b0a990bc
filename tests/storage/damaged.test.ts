import { open } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureMessage } from '../../src/commands/failures.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { Sqlite } from '../../src/storage/dialect/sqlite/driver.ts';
import { asUnavailable } from '../../src/storage/dialect/unavailable.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { architecture, llmCall } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';

const DAY_MS = 86_400_000;
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const CREATE_PROJECT =
  'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { projectId } } }';
const BACKUP = 'mutation { createBackup { backup { name } } }';
const LIST = '{ llmCalls(first: 500) { nodes { id model attributes } } }';
/** Whole days including today, so that cells alone can answer. */
const [FROM, TO] = [-1, 2].map((days) =>
  new Date(Math.floor(Date.now() / DAY_MS + days) * DAY_MS).toISOString(),
);
const CELLS = `{ llmCallAnalytics(range: { from: "${FROM}", to: "${TO}" }) { totals { count latencyMs { sum } } } }`;
const ROWS =
  '{ llmCallAnalytics(range: { last: "P1D" }, filter: { latencyMs: { gt: 1 } }) { totals { count } } }';
const TAGGED = '{ architectures(filter: { tags: { has: "a" } }) { nodes { id } } }';
const SAVE =
  'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { architecture { id } } }';
const AGENTS = '{ agents { nodes { id } } }';

const DAMAGED = {
  message: expect.stringMatching(/^The database is damaged\./),
  extensions: { code: 'OVERLOADED', retryAfterMs: 30_000 },
};

const fileOf = (url: string): string => url.slice('file:'.length);

/** SQLite stores any value in any column. */
const OF_ANY_TYPE: readonly [what: string, sql: string, document: string][] = [
  ['JSON', `update llm_calls set attributes = '{"a'`, LIST],
  ['JSON that SQL takes apart', `update architectures set tags = '["a'`, TAGGED],
  ['bytes for such JSON', `update architectures set tags = x'a5a5'`, TAGGED],
  ['text', `update llm_calls set model = x'a5a5'`, LIST],
  ['times', 'update llm_calls set timestamp = 9e18', '{ llmCalls { nodes { timestamp } } }'],
  ['numbers', `update llm_calls set latency_ms = 'a'`, '{ llmCalls { nodes { latencyMs } } }'],
  ['booleans', `update llm_calls set success = x'a5'`, '{ llmCalls { nodes { success } } }'],
  ['states', `update architectures set name = x'a5a5'`, '{ architectures { nodes { name } } }'],
  ['money', `update llm_calls set cost_nano_usd = 'a'`, '{ llmCalls { nodes { cost } } }'],
];

/** Overwrites every leaf page of a table or an index in the middle of the file. */
async function overwriteLeaves(url: string, name: string): Promise<void> {
  const database = new Sqlite(fileOf(url), { readonly: true });
  const size = database.pragma('page_size', { simple: true }) as number;
  const pages = database
    .prepare<[string], { pageno: number }>(`select pageno from dbstat where name = ? and pagetype = 'leaf'`)
    .all(name);
  database.close();
  expect(pages.length).toBeGreaterThan(3);
  const file = await open(fileOf(url), 'r+');
  for (const { pageno } of pages) await file.write(Buffer.alloc(size, 0xa5), 0, size, (pageno - 1) * size);
  await file.close();
}

async function change(url: string, sql: string): Promise<void> {
  const connection = await openMigrationConnection(url);
  try {
    await connection.script(sql);
  } finally {
    await connection.close();
  }
}

const projectOf = (what: string): string => what.replaceAll(' ', '-').toLowerCase();

/** Queries one project. */
async function ask({ url }: TestApp, project: string, query: string, variables = {}) {
  const headers = { 'content-type': 'application/json', 'telltale-project': project };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers, body });
  return (await response.json()) as { data?: unknown; errors?: unknown[] };
}

describeEachDatabase('a database with damaged values', (database) => {
  const bytes = database.dialect === 'sqlite' ? `x'a5a5a5'` : `'\\xa5a5a5'`;
  const damages: readonly (readonly [what: string, sql: string, document: string])[] = [
    ['sums of rollups', `update rollup_cells set sums = ${bytes}`, CELLS],
    ...(database.dialect === 'sqlite' ? OF_ANY_TYPE : []),
  ];
  const newer = `update llm_calls set cost_source = 'GUESSED'`;

  // A database with a project for each damage, and a server that starts when it has all of them.
  let app: TestApp;
  beforeAll(async () => {
    const databaseUrl = await database.createMigratedUrl();
    const projects = [...damages, ['newer', newer] as const, ['intact', null] as const].map(
      ([what, sql]) => [projectOf(what), sql] as const,
    );
    await using before = await startApp({ database, databaseUrl });
    for (const [projectId] of projects) {
      await before.query(CREATE_PROJECT, { input: { projectId } });
      await record(before, 3, projectId);
    }
    await change(
      databaseUrl,
      projects
        .filter(([, sql]) => sql !== null)
        .map(([project, sql]) => `${sql} where project_id = '${project}';`)
        .join('\n'),
    );
    app = await startApp({ database, databaseUrl });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it.each(damages)('reports a value that nobody stored: %s', async (what, _sql, document) => {
    expect((await ask(app, projectOf(what), document)).errors).toMatchObject([DAMAGED]);
    expect(await ask(app, 'intact', document)).not.toHaveProperty('errors');
  });

  it('is distinguished from one that holds a value of a newer version', async () => {
    expect((await ask(app, 'newer', '{ llmCalls { nodes { costSource } } }')).errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^The database holds a value that this version does not know/),
      extensions: { code: 'OVERLOADED', retryAfterMs: 30_000 },
    });
  });
});

/** Records this many calls and an architecture in a project. */
async function record(app: TestApp, count: number, project: string): Promise<void> {
  const input = Array.from({ length: count }, () => llmCall({ attributes: { note: 'a'.repeat(50) } }));
  expect(await ask(app, project, RECORD, { input })).not.toHaveProperty('errors');
  const saved = await ask(app, project, SAVE, { input: architecture('g-1', { tags: ['a'] }) });
  expect(saved).not.toHaveProperty('errors');
}

describeEachDatabase('a damaged database', (database) => {
  /** Creates a database with this many calls. */
  async function fill(count: number): Promise<string> {
    await using app = await startApp({ database });
    await record(app, count, 'default');
    return app.databaseUrl;
  }

  it('makes a start fail with one sentence that says what to do', async () => {
    const databaseUrl = await fill(3);
    await change(databaseUrl, `update rollup_layouts set layout = '{"a'`);
    const error = await startApp({ database, databaseUrl }).catch((reason) => reason);
    expect(failureMessage(error)).toMatch(
      /^DATABASE_URL: The database is damaged\. \(.*\) Stop everything that uses it, then restore a backup/,
    );
  });

  // PostgreSQL reports its own damaged pages with a code; unavailable.test.ts covers it.
  if (database.dialect === 'postgresql') return;

  it('returns intact rows, and reports the rest as damaged', async () => {
    const databaseUrl = await fill(1000);
    await overwriteLeaves(databaseUrl, 'llm_calls');
    const clock = createTestClock(Date.now());
    await using app = await startApp({ database, databaseUrl, clock });
    for (const document of [LIST, ROWS, BACKUP]) {
      expect((await app.execute(document)).errors, document).toMatchObject([DAMAGED]);
    }
    for (const document of [CELLS, AGENTS]) expect(await app.execute(document)).not.toHaveProperty('errors');
    clock.advance(400 * DAY_MS);
    const error = await app.app.services.retention.run({ dryRun: false }).catch(asUnavailable);
    expect(error).toMatchObject({ trouble: 'DAMAGED' });
  });

  it('is not ready while some events cannot be recorded, even if others can', async () => {
    const databaseUrl = await fill(1000);
    await overwriteLeaves(databaseUrl, 'sqlite_autoindex_llm_calls_1');
    await using app = await startApp({ database, databaseUrl });
    const ready = async () => (await app.app.fetch(new Request('http://localhost/readyz'))).json();
    expect(await ready()).toEqual({ status: 'ok' });
    expect((await app.execute(RECORD, { input: [llmCall()] })).errors).toMatchObject([DAMAGED]);
    await app.query(
      'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }',
      { input: [{ method: 'GET', endpoint: '/', statusCode: 200, latencyMs: 1 }] },
    );
    // Requests within one second share an answer.
    await expect
      .poll(ready, { timeout: 5_000 })
      .toMatchObject({ reason: 'Events cannot be recorded: The database is damaged.' });
  });
});

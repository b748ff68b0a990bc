import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL } from '../../support/graphql.ts';

const FIELDS = 'name path createdAt bytes state reason schemaVersion rows sha256 configuration';
const BACKUPS = `{ backups { ${FIELDS} } }`;
const CREATE = `mutation { createBackup { backup { ${FIELDS} } } }`;
const PROGRESS =
  'subscription { backupProgress { phase reason startedAt bytes databaseBytes backup { name } problem } }';
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

describeEachDatabase('backups', (database) => {
  it('do not exist at first', async () => {
    await using graphql = await startGraphQL(database);
    expect(await graphql.data(BACKUPS)).toEqual({ backups: [] });
  });

  if (database.dialect === 'postgresql') {
    it('are refused on PostgreSQL without pg_dump, with advice', async () => {
      await using graphql = await startGraphQL(database, { environment: { PG_DUMP: '/nowhere/pg_dump' } });
      const progress = await graphql.subscribe(PROGRESS);
      const { errors } = await graphql.run(CREATE);
      const message = expect.stringMatching(
        /^pg_dump was not found at \/nowhere\/pg_dump\. Install .* PG_DUMP=/,
      );
      expect(errors).toMatchObject([{ message, extensions: { code: 'CONFLICT' } }]);
      const { value } = await progress.next();
      expect(value.data).toMatchObject({ backupProgress: { phase: 'FAILED', problem: message } });
      await progress.return?.();
    });
    return;
  }

  it('are complete databases, even if they are made while events arrive', async () => {
    await using graphql = await startGraphQL(database);
    await graphql.data(RECORD, { input: Array.from({ length: 100 }, () => llmCall()) });
    const [{ createBackup }] = await Promise.all([
      graphql.data(CREATE),
      ...Array.from({ length: 20 }, () => graphql.data(RECORD, { input: [llmCall()] })),
    ]);
    const { backup } = createBackup;
    expect(backup).toMatchObject({
      ...{ name: 'telltale.db.20261122_120000_000.backup', createdAt: NOW, state: 'VERIFIED' },
      ...{ reason: 'MUTATION', schemaVersion: expect.stringMatching(/^00\d\d_/), configuration: [] },
      ...{ rows: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(backup.bytes).toBeGreaterThan(4096);
    expect(await graphql.data(BACKUPS)).toEqual({ backups: [backup] });
    const copy = await createStore({ url: `file:${backup.path}`, datasets });
    try {
      const { count } = await copy.query
        .selectFrom('llm_calls')
        .select((expression) => expression.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      expect(count).toBeGreaterThanOrEqual(100);
      expect(count).toBeLessThanOrEqual(120);
    } finally {
      await copy.close();
    }
  });

  it('hold what was stored before they were requested, even if another one is in progress', async () => {
    await using graphql = await startGraphQL(database);
    await graphql.data(RECORD, { input: Array.from({ length: 5000 }, () => llmCall()) });
    const first = graphql.data(CREATE);
    graphql.clock.advance(1000);
    await graphql.data(RECORD, { input: [llmCall({ model: 'late' })] });
    const [{ createBackup }] = await Promise.all([graphql.data(CREATE), first]);
    const copy = await createStore({ url: `file:${createBackup.backup.path}`, datasets });
    try {
      const found = await copy.query
        .selectFrom('llm_calls')
        .select('id')
        .where('model', '=', 'late')
        .execute();
      expect(found).toHaveLength(1);
    } finally {
      await copy.close();
    }
  });

  it('are listed newest first, without other files', async () => {
    await using graphql = await startGraphQL(database);
    const first = (await graphql.data(CREATE)).createBackup.backup;
    graphql.clock.advance(1000);
    const second = (await graphql.data(CREATE)).createBackup.backup;
    const folder = dirname(first.path);
    for (const name of ['notes.txt', 'other.db.20261122_120000_000.backup', 'telltale.db.later.backup'])
      await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'telltale.db.2026-11-21T12-00-00.000Z.backup'), '');
    const older = { createdAt: '2026-11-21T12:00:00.000Z', state: 'UNKNOWN', reason: null, rows: null };
    expect(await graphql.data(BACKUPS)).toMatchObject({ backups: [second, first, older] });
  });

  it('are pruned by count and by age', async () => {
    const environment = { BACKUP_KEEP: '2', BACKUP_KEEP_DAYS: '10' };
    await using graphql = await startGraphQL(database, { environment });
    for (let made = 0; made < 3; made++) {
      graphql.clock.advance(1000);
      await graphql.data(CREATE);
    }
    const { backups } = await graphql.data(BACKUPS);
    expect(backups).toHaveLength(2);
    graphql.clock.advance(11 * 86_400_000);
    const { createBackup } = await graphql.data(CREATE);
    expect(await graphql.data(BACKUPS)).toEqual({ backups: [createBackup.backup] });
    const { name, path } = createBackup.backup;
    expect((await readdir(dirname(path))).sort()).toEqual([name, `${name}.json`]);
  });

  it('report their progress', async () => {
    await using graphql = await startGraphQL(database);
    const progress = await graphql.subscribe(PROGRESS);
    const [first, { createBackup }] = await Promise.all([progress.next(), graphql.data(CREATE)]);
    const { data } = first.value;
    expect(data.backupProgress).toMatchObject({
      phase: 'COPYING',
      reason: 'MUTATION',
      startedAt: NOW,
      backup: null,
    });
    const { name, bytes } = createBackup.backup;
    const last = await progress.next();
    expect(last.value.data.backupProgress).toMatchObject({
      phase: 'DONE',
      bytes,
      backup: { name },
      problem: null,
    });
    await progress.return?.();
  });

  it('are refused if no folder can be written, with what is required of it', async () => {
    await using graphql = await startGraphQL(database, { environment: { HOME: '/dev/null' } });
    const folder = dirname((await graphql.data(CREATE)).createBackup.backup.path);
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    const made = await graphql.run(CREATE);
    expect(made.errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^No backup was made: .*write, .*backups \(EEXIST.*\/dev\/null\/.telltale\/backups \(ENOTDIR/,
        ),
        extensions: { code: 'OVERLOADED', retryAfterMs: 30_000 },
      },
    ]);
    const listed = await graphql.run(BACKUPS);
    expect(listed.errors).toMatchObject([
      { message: expect.stringMatching(/^The backups cannot be listed: .*ENOTDIR/) },
    ]);
  });

  it('are made once for all requests that arrive during another one', async () => {
    await using graphql = await startGraphQL(database);
    const { backups } = graphql.services;
    const made = await Promise.all([1, 2, 3].map(() => backups.make({ reason: 'MUTATION' })));
    expect(made.map(({ createdAt }) => createdAt - Date.parse(NOW))).toEqual([0, 1, 1]);
  });

  it('are stopped with the server, also those that wait, and leave nothing behind', async () => {
    const graphql = await startGraphQL(database);
    const { backups } = graphql.services;
    const asked = Promise.allSettled([1, 2].map(() => backups.make({ reason: 'MUTATION' })));
    await graphql[Symbol.asyncDispose]();
    const reason = { code: 'UNAVAILABLE', message: expect.stringContaining('The server is shutting down') };
    expect(await asked).toMatchObject(Array(2).fill({ status: 'rejected', reason }));
    expect(await readdir(backups.folders[0] ?? '')).toEqual([]);
  });
});

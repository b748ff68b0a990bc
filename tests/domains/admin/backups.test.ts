import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore } from '../../../src/storage/create-store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL } from '../../support/graphql.ts';

const BACKUPS = '{ backups { name path createdAt bytes } }';
const CREATE = 'mutation { createBackup { backup { name path createdAt bytes } } }';
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

describeEachDatabase('backups', (database) => {
  it('are none at first', async () => {
    await using graphql = await startGraphQL(database);
    expect(await graphql.data(BACKUPS)).toEqual({ backups: [] });
  });

  if (database.dialect === 'postgresql') {
    it('are refused on PostgreSQL, with what to use in their place', async () => {
      await using graphql = await startGraphQL(database);
      const { errors } = await graphql.run(CREATE);
      expect(errors).toMatchObject([
        { message: expect.stringContaining('pg_dump'), extensions: { code: 'CONFLICT' } },
      ]);
    });
    return;
  }

  it('are complete databases, made while events come in', async () => {
    await using graphql = await startGraphQL(database);
    await graphql.data(RECORD, { input: Array.from({ length: 100 }, () => llmCall()) });
    const [{ createBackup }] = await Promise.all([
      graphql.data(CREATE),
      ...Array.from({ length: 20 }, () => graphql.data(RECORD, { input: [llmCall()] })),
    ]);
    const { backup } = createBackup;
    expect(backup).toMatchObject({ name: 'telltale.db.2026-11-22T12-00-00.000Z.backup', createdAt: NOW });
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

  it('hold what was stored before they were asked for, also while another is being made', async () => {
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
    for (const name of [
      'notes.txt',
      `${first.name}.partial`,
      'other.db.2026-11-22T12-00-00.000Z.backup',
      'telltale.db.later.backup',
    ])
      await writeFile(join(folder, name), '');
    expect(await graphql.data(BACKUPS)).toEqual({ backups: [second, first] });
  });

  it('are refused if a file has the name of the folder, with what it must be', async () => {
    await using graphql = await startGraphQL(database);
    const folder = dirname((await graphql.data(CREATE)).createBackup.backup.path);
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    const made = await graphql.run(CREATE);
    expect(made.errors).toMatchObject([
      {
        message: expect.stringMatching(
          /^No backup was made: .*backups, beside the file of DATABASE_URL, must be .* write, .*EEXIST/,
        ),
        extensions: { code: 'OVERLOADED', retryAfterMs: 30_000 },
      },
    ]);
    const listed = await graphql.run(BACKUPS);
    expect(listed.errors).toMatchObject([
      { message: expect.stringMatching(/^The backups cannot be listed: .*ENOTDIR/) },
    ]);
  });

  it('that cannot be made or removed do not stop the server', async () => {
    const url = await database.createMigratedUrl();
    await writeFile(join(dirname(url.slice('file:'.length)), 'backups'), '');
    const problems: Error[] = [];
    const store = await createStore({ url, datasets, onProblem: (error) => problems.push(error) });
    try {
      await store.ping();
      expect(problems).toMatchObject([{ code: 'ENOTDIR' }]);
    } finally {
      await store.close();
    }
  });

  it('that were left half made by killed processes are removed', async () => {
    const url = await database.createMigratedUrl();
    const folder = join(dirname(url.slice('file:'.length)), 'backups');
    const ended = spawnSync(process.execPath, ['--version']).pid;
    const dead = [
      'telltale.db.2026-11-22T12-00-00.000Z.backup.partial',
      `telltale.db.2026-11-22T12-00-01.000Z.backup.${ended}.partial`,
      `telltale.db.2026-11-22T12-00-02.000Z.backup.${process.pid}.partial`,
    ];
    const kept = [
      `other.db.2026-11-22T12-00-00.000Z.backup.${ended}.partial`,
      `telltale.db.2026-11-22T12-00-03.000Z.backup.${process.ppid}.partial`,
    ];
    await mkdir(folder);
    for (const name of [...dead, ...kept]) await writeFile(join(folder, name), '');
    const store = await createStore({ url, datasets });
    try {
      expect(await readdir(folder)).toEqual(kept);
    } finally {
      await store.close();
    }
  });

  it('are made once for all who ask during one, and completed before the store closes', async () => {
    const graphql = await startGraphQL(database);
    const { store } = graphql.services;
    const asked = Promise.all([1000, 2000, 3000].map((now) => store.backUp(now)));
    await graphql[Symbol.asyncDispose]();
    expect((await asked).map(({ createdAt }) => createdAt)).toEqual([1000, 2000, 2000]);
  });
});

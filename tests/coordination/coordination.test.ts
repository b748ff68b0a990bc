import { appendFile, mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../src/coordination/read-file.ts';
import { describeEachDatabase, describeOneDatabase, type TestDatabase } from '../support/databases.ts';
import { taskEvent } from '../support/events.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  createFolder,
  eventsOf,
  settle,
  type TestFolder,
  waitForActivities,
  waitForCounts,
  waitForStatus,
} from './support/follow.ts';

const RECORD = 'mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }';
const WELL = { watching: true, problems: [] };

const board = (tasks: Readonly<Record<string, string>>) => ({
  tasks: Object.entries(tasks).map(([id, status]) => ({ id, status })),
});

let folder: TestFolder;
beforeEach(async () => {
  folder = await createFolder();
  await mkdir(folder.path);
});
afterEach(() => folder[Symbol.asyncDispose]());

const startOn = (database: TestDatabase, databaseUrl?: string): Promise<TestApp> =>
  startApp({
    database,
    ...(databaseUrl !== undefined && { databaseUrl }),
    environment: { COORDINATION_DIR: folder.path },
  });

// The way in which files are read does not depend on the database.
describeOneDatabase('the files of the coordination folder', (database) => {
  const start = () => startOn(database);

  it('waits while the board is half written, and reports nothing', async () => {
    await using app = await start();
    await waitForStatus(app, WELL);
    const text = JSON.stringify(board({ 'T-1': 'todo', 'T-2': 'doing' }));
    await folder.writeBoard('');
    for (const piece of text.match(/.{1,12}/g) ?? []) {
      await appendFile(join(folder.path, 'task-board.json'), piece);
      // The app polls between the pieces.
      await app.query('{ __typename }');
    }
    await waitForCounts(app, { todo: 1, doing: 1 });
    expect(app.log.filter(({ level }) => (level as number) > 30)).toEqual([]);
  });

  it('reports a broken board, records nothing from it, and continues when it is repaired', async () => {
    await folder.writeBoard(board({ 'T-1': 'todo' }));
    await using app = await start();
    await waitForCounts(app, { todo: 1 });
    await settle(folder, app);
    await app.waitForLog({ msg: expect.stringMatching(/^task-board\.json is not JSON: /) as never });
    await folder.writeBoard({ tasks: [{ title: 'no id' }] });
    await waitForStatus(app, {
      watching: true,
      problems: [
        { file: 'task-board.json', message: 'task-board.json is not valid: tasks.0.id must be text.' },
      ],
    });
    await waitForCounts(app, { todo: 1 });
    await folder.writeBoard(board({ 'T-1': 'done' }));
    await waitForCounts(app, { done: 1 });
    await waitForStatus(app, WELL);
    expect(await eventsOf(app)).toEqual(['T-1 CREATED >todo', 'T-1 COMPLETED todo>done']);
  });

  it('refuses a file that is too large, and one that is not a regular file', async () => {
    await folder.writeBoard('');
    await truncate(join(folder.path, 'task-board.json'), MAX_FILE_BYTES + 1);
    await mkdir(join(folder.path, 'progress-log.md'));
    await using app = await start();
    const message = `task-board.json has ${MAX_FILE_BYTES + 1} bytes; at most 10 MiB are read.`;
    await waitForStatus(app, {
      watching: true,
      problems: [
        { file: 'task-board.json', message },
        { file: 'progress-log.md', message: 'progress-log.md is not a file.' },
      ],
    });
  });
});

describeEachDatabase('the coordination folder', (database) => {
  const start = (databaseUrl?: string) => startOn(database, databaseUrl);

  it('records task events from differences of its board, written in place or replaced', async () => {
    await folder.writeBoard(board({ 'T-1': 'todo', 'T-2': 'todo' }));
    await using app = await start();
    await waitForCounts(app, { todo: 2 });
    await folder.writeBoard(board({ 'T-1': 'doing', 'T-2': 'todo' }));
    await waitForCounts(app, { todo: 1, doing: 1 });
    await folder.replaceBoard(board({ 'T-1': 'done', 'T-3': 'todo' }));
    await waitForCounts(app, { done: 1, todo: 1 });
    await folder.replaceBoard(board({ 'T-1': 'done', 'T-3': 'doing' }));
    await waitForCounts(app, { done: 1, doing: 1 });
    const events = await eventsOf(app);
    expect(events.slice(0, 2).sort()).toEqual(['T-1 CREATED >todo', 'T-2 CREATED >todo']);
    expect(events[2]).toBe('T-1 STARTED todo>doing');
    expect(events.slice(3, 6).sort()).toEqual([
      'T-1 COMPLETED doing>done',
      'T-2 DELETED todo>',
      'T-3 CREATED >todo',
    ]);
    expect(events.slice(6)).toEqual(['T-3 STARTED todo>doing']);
  });

  it('may be created later, removed and brought back: no task is deleted meanwhile', async () => {
    await rm(folder.path, { recursive: true });
    await using app = await start();
    await waitForStatus(app, { watching: false, problems: [] });
    await mkdir(folder.path);
    await folder.writeBoard(board({ 'T-1': 'todo' }));
    await waitForCounts(app, { todo: 1 });
    await rm(folder.path, { recursive: true });
    await waitForStatus(app, { watching: false, problems: [] });
    await waitForCounts(app, { todo: 1 });
    await mkdir(folder.path);
    await waitForStatus(app, WELL);
    await folder.writeBoard(board({ 'T-1': 'doing' }));
    await waitForCounts(app, { doing: 1 });
    await rm(join(folder.path, 'task-board.json'));
    await folder.writeBoard(board({ 'T-1': 'done' }));
    await waitForCounts(app, { done: 1 });
    const expected = ['T-1 CREATED >todo', 'T-1 STARTED todo>doing', 'T-1 COMPLETED doing>done'];
    expect(await eventsOf(app)).toEqual(expected);
  });

  it('repeats nothing after a restart, and records what changed meanwhile', async () => {
    await folder.writeBoard({ tasks: [{ id: 'T-1', status: 'todo', priority: 'high', tags: ['b', 'a'] }] });
    await folder.writeLog('- builder: one\n- builder: one\n');
    const before = await start();
    await waitForCounts(before, { todo: 1 });
    await waitForActivities(before, [
      ['builder', 'one'],
      ['builder', 'one'],
    ]);
    expect(process.getActiveResourcesInfo()).toContain('FSEventWrap');
    await before[Symbol.asyncDispose]();
    expect(process.getActiveResourcesInfo()).not.toContain('FSEventWrap');
    await using again = await start(before.databaseUrl);
    // A change of the log shows that the app has read both files.
    await folder.writeLog('- builder: one\n- builder: one\n- builder: two\n');
    await waitForActivities(again, [
      ['builder', 'one'],
      ['builder', 'one'],
      ['builder', 'two'],
    ]);
    expect(await eventsOf(again)).toEqual(['T-1 CREATED >todo']);
    await again[Symbol.asyncDispose]();
    await folder.replaceBoard({ tasks: [{ id: 'T-1', status: 'doing', priority: 'low', tags: ['b', 'a'] }] });
    await using last = await start(before.databaseUrl);
    await waitForCounts(last, { doing: 1 });
    const { task } = await last.query<{ task: object }>(
      '{ task(taskId: "T-1") { history(first: 1) { nodes { eventType details service } } } }',
    );
    expect(task).toEqual({
      history: { nodes: [{ eventType: 'STARTED', details: { priority: 'low' }, service: 'coordination' }] },
    });
  });

  it('turns each line of its log into one activity, also after lines are appended and rewritten', async () => {
    await using app = await start();
    await folder.writeLog('## builder\n- [2026-11-20 12:00] first\n');
    await waitForActivities(app, [['builder', 'first']]);
    await appendFile(join(folder.path, 'progress-log.md'), '- second\n');
    await waitForActivities(app, [
      ['builder', 'first'],
      ['builder', 'second'],
    ]);
    await folder.writeLog('# Log\n- third\n## builder\n- second\n- [2026-11-20 12:00] first');
    const all = [
      ['builder', 'first'],
      ['builder', 'second'],
      ['unknown', 'third'],
    ] as const;
    await waitForActivities(app, all);
    await settle(folder, app);
    await waitForActivities(app, all);
  });

  it('leaves out lines that are older than the activities that the project keeps', async () => {
    await using app = await start();
    await app.query(
      'mutation { setRetentionPolicy(input: { dataset: "agentActivities", rowDays: 36500 }) { retentionPolicy { rowDays } } }',
    );
    await folder.writeLog(
      '- [2000-01-31 12:00] builder: of another century\n- [1900-01-31 12:00] builder: of none\n',
    );
    await waitForActivities(app, [['builder', 'of another century']]);
  });

  it('does not touch tasks that others have changed since, or tasks that are not on its board', async () => {
    await folder.writeBoard(board({ 'T-1': 'todo' }));
    const app = await start();
    await waitForCounts(app, { todo: 1 });
    await app.query(RECORD, {
      input: [
        taskEvent('T-1', { eventType: 'COMPLETED', newStatus: 'done' }),
        taskEvent('X-1', { eventType: 'CREATED', newStatus: 'elsewhere' }),
      ],
    });
    await app[Symbol.asyncDispose]();
    await using again = await start(app.databaseUrl);
    await folder.writeLog('- looked\n');
    await waitForActivities(again, [['unknown', 'looked']]);
    await waitForCounts(again, { done: 1, elsewhere: 1 });
    await folder.writeBoard(board({ 'T-2': 'todo' }));
    await waitForCounts(again, { todo: 1, elsewhere: 1 });
  });

  it.runIf(database.dialect === 'postgresql')(
    'may be followed by several instances: each change is recorded once',
    async () => {
      await folder.writeBoard(board({ 'T-1': 'todo', 'T-2': 'todo' }));
      await using one = await start();
      await using other = await start(one.databaseUrl);
      await waitForCounts(one, { todo: 2 });
      const steps = ['doing', 'blocked', 'doing', 'done'];
      for (const [index, status] of steps.entries()) {
        await folder.replaceBoard(board({ 'T-1': status, 'T-2': status }));
        await folder.writeLog(
          steps
            .slice(0, index + 1)
            .map((step) => `- builder: ${step}\n`)
            .join(''),
        );
        await waitForCounts(other, { [status]: 2 });
      }
      await settle(folder, one, other);
      const expected = [
        'CREATED >todo',
        'STARTED todo>doing',
        'BLOCKED doing>blocked',
        'UNBLOCKED blocked>doing',
        'COMPLETED doing>done',
      ];
      const events = await eventsOf(one);
      expect(events.filter((event) => event.startsWith('T-1'))).toEqual(
        expected.map((event) => `T-1 ${event}`),
      );
      expect(events.filter((event) => event.startsWith('T-2'))).toEqual(
        expected.map((event) => `T-2 ${event}`),
      );
      await waitForActivities(other, [
        ['builder', 'blocked'],
        ['builder', 'doing'],
        ['builder', 'doing'],
        ['builder', 'done'],
      ]);
    },
  );
});

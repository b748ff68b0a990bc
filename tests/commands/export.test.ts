import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase, TEST_SQLITE_READERS } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DAYS = ['2026-05-03T23:59:59.999Z', '2026-05-04T00:00:00.000Z', '2026-05-05T00:00:00.000Z'];

describeEachDatabase('telltale export', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database });
    await running.app.services.projects.create({ projectId: 'shop' });
    const events = DAYS.map((timestamp, number) => llmCall({ id: uuidOf(number), timestamp }));
    await running.app.services.ingest.record('shop', [{ dataset: llmCalls, events }]);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const exported = (...args: string[]) =>
    runCommand(['export', ...args], {
      DATABASE_URL: running.databaseUrl,
      SQLITE_READERS: String(TEST_SQLITE_READERS),
    });

  it('writes the events of a range beside a running server, to a file or to standard output', async () => {
    const file = join(folder, 'calls.jsonl');
    writeFileSync(`${file}.partial`, 'of an export that was killed');
    const wanted = [
      '--dataset',
      'llmCalls',
      '--project',
      'shop',
      '--from',
      '2026-05-04',
      '--to',
      '2026-05-05',
    ];
    const written = await exported(...wanted, '--output', file, '--json');
    expect(written).toMatchObject({ code: EXIT_CODES.done });
    expect(JSON.parse(written.stdout)).toMatchObject({
      ...{ dataset: 'llmCalls', project: 'shop', rows: 1, file },
      cursor: `${DAYS[1]},${uuidOf(1)}`,
    });
    const lines = readFileSync(file, 'utf8');
    expect(JSON.parse(lines)).toMatchObject({ id: uuidOf(1), timestamp: DAYS[1], agentId: null });
    expect(readdirSync(folder)).toEqual(['calls.jsonl']);

    const shown = await exported(...wanted);
    expect(shown).toMatchObject({ code: EXIT_CODES.done, stdout: lines });
    expect(shown.stderr).toContain('1 events of llmCalls of the project shop');
  });

  it('says what is wrong, and leaves nothing behind', async () => {
    const refused: [string[], string][] = [
      [[], 'Give --dataset for its events'],
      [['--project', 'shop', '--from', '2026-05-04'], '--from: an archive contains everything.'],
      [['--dataset', 'calls'], '--dataset: there is no dataset calls. There are: requestLogs, llmCalls'],
      [
        ['--dataset', 'llmCalls', '--format', 'xml'],
        '--format: must be one of jsonl, csv, parquet, not xml.',
      ],
      [['--dataset', 'llmCalls', '--format', 'parquet'], '--output is missing'],
      [['--dataset', 'llmCalls', '--from', 'May'], '--from: "May" is not a time'],
      [
        ['--dataset', 'llmCalls', '--project', 'blog'],
        '--project: there is no project blog. There are: default, shop.',
      ],
      [['--dataset', 'llmCalls', '--output', join(folder, 'no', 'x.csv')], 'its folder does not exist'],
      [['--dataset', 'llmCalls', '--database', `file:${join(folder, 'no.db')}`], 'There is no database'],
    ];
    for (const [args, message] of refused) {
      const { code, stderr, stdout } = await exported(...args);
      expect({ args, stderr, stdout }).toEqual({
        args,
        stderr: expect.stringContaining(message),
        stdout: '',
      });
      expect(code).not.toBe(EXIT_CODES.done);
    }
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('reads only a database of this version', async () => {
    const empty = await database.createUrl();
    const { code, stderr } = await exported('--dataset', 'llmCalls', '--database', empty);
    const isFile = database.dialect === 'sqlite';
    expect(stderr).toContain(isFile ? 'There is no database' : 'it lacks the migration 0001');
    expect(code).toBe(isFile ? EXIT_CODES.usage : EXIT_CODES.refused);
  });
});

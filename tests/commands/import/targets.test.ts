import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/commands/exit-codes.ts';
import { createAppTarget } from '../../../src/commands/import/app-target.ts';
import { identifyContent } from '../../../src/commands/import/content-id.ts';
import { createHttpTarget, serverAnswers } from '../../../src/commands/import/http-target.ts';
import { createMapping } from '../../../src/commands/import/options.ts';
import { openRecords } from '../../../src/commands/import/records.ts';
import { runImport } from '../../../src/commands/import/run.ts';
import type { Target } from '../../../src/commands/import/target.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { runCommand } from '../../support/run-command.ts';
import { startApp } from '../../support/start-app.ts';

const ROWS = 2300;
const TRACE = `TIMESTAMP,ContextTokens,GeneratedTokens\n${Array.from(
  { length: ROWS },
  (_, index) =>
    `2023-11-16 18:17:${String(index % 60).padStart(2, '0')}.9799600,${index},${index === 7 ? -1 : 10}`,
).join('\n')}\n`;

describeEachDatabase('import', (database) => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  async function importTrace(target: Target) {
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    folders.push(folder);
    const path = join(folder, 'trace.csv');
    writeFileSync(path, TRACE);
    const { size, id } = await identifyContent(path, 'llmCalls');
    const mapping = createMapping(
      {
        dataset: 'llmCalls',
        map: 'timestamp=TIMESTAMP,promptTokens=ContextTokens,completionTokens=GeneratedTokens',
        set: 'provider=azure,model=gpt-4,latencyMs=0',
        timeZone: 'UTC',
      },
      datasets,
    );
    const progress = { update: () => undefined, finish: () => undefined };
    const file = openRecords(path, 'csv', ',');
    return runImport({ format: 'csv', file, size, fileId: id, mapping, target, progress });
  }

  it('stores a file once, through the server or in process, and names the rejected row', async () => {
    await using server = await startApp({ database });
    expect(await serverAnswers(server.url)).toBe(true);
    const first = await importTrace(createHttpTarget(server.url));
    expect(first).toMatchObject({ rows: ROWS, accepted: ROWS - 1, duplicates: 0, rejected: 1 });
    expect(first.firstRejected).toEqual([
      { line: 9, reason: expect.stringMatching(/^completionTokens: .*from 0 to/) },
    ]);
    const again = await importTrace(createAppTarget(server.app));
    expect(again).toMatchObject({ rows: ROWS, accepted: 0, duplicates: ROWS - 1, rejected: 1 });
    const range = '{ from: "2023-11-16T00:00:00Z", to: "2023-11-17T00:00:00Z" }';
    const { llmCallAnalytics } = await server.query<{ llmCallAnalytics: unknown }>(
      `{ llmCallAnalytics(range: ${range}) { totals { count promptTokens { sum } cost { count } } } }`,
    );
    expect(llmCallAnalytics).toEqual({
      totals: {
        count: ROWS - 1,
        promptTokens: { sum: (ROWS * (ROWS - 1)) / 2 - 7 },
        cost: { count: ROWS - 1 },
      },
    });
  });
});

describe('the result of an import', () => {
  it('is one JSON document with --json, also with rejected rows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    const file = join(folder, 'calls.jsonl');
    const call = { provider: 'openai', model: 'gpt-4o', latencyMs: 5 };
    const lines = [
      { ...call, promptTokens: 1 },
      { ...call, promptTokens: -1 },
    ].map((row) => JSON.stringify(row));
    writeFileSync(file, `${lines.join('\n')}\n`);
    try {
      const database = `file:${join(folder, 'telltale.db')}`;
      const done = await runCommand(['import', 'jsonl', file, '--database', database, '--json']);
      expect(done.code).toBe(EXIT_CODES.problems);
      expect(JSON.parse(done.stdout)).toEqual({
        ...{ file, dataset: 'llmCalls', rows: 2, accepted: 1, duplicates: 0, rejected: 1, leftOut: 0 },
        firstRejected: [{ line: 2, reason: expect.stringContaining('promptTokens') }],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it('reports a file that does not exist', async () => {
  await expect(identifyContent(join(tmpdir(), 'no-such-file.csv'), 'llmCalls')).rejects.toThrow(
    /cannot be read \(ENOENT\)/,
  );
});

describe('a file that is not UTF-8', () => {
  const header = Buffer.from('provider,model\nö,ü\n');
  it.each([
    [
      'Latin-1',
      Buffer.concat([header, Buffer.from('p,caf\xe9 du coin\n', 'latin1')]),
      /line 3, "p,caf\? du coin"\. .*iconv/,
    ],
    ['UTF-16', Buffer.from('\ufeffprovider,model\n', 'utf16le'), /line 1, /],
    [
      'a letter that is cut off',
      Buffer.concat([header, Buffer.from('p,ö').subarray(0, -1)]),
      /line 3, "p,\?"/,
    ],
    [
      'late',
      Buffer.concat([Buffer.alloc(10_000 * header.length, header), Buffer.from([0xff])]),
      /line 20001, /,
    ],
  ])('%s: an error that names the line, before any row is stored', async (_, content, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    try {
      const path = join(folder, 'rows.csv');
      writeFileSync(path, content);
      await expect(identifyContent(path, 'llmCalls')).rejects.toThrow(message);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

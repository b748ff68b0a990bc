import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createAppTarget } from '../../../src/commands/import/app-target.ts';
import { identifyContent } from '../../../src/commands/import/content-id.ts';
import { createHttpTarget, serverAnswers } from '../../../src/commands/import/http-target.ts';
import { createMapping } from '../../../src/commands/import/options.ts';
import { openRecords } from '../../../src/commands/import/records.ts';
import { runImport } from '../../../src/commands/import/run.ts';
import type { Target } from '../../../src/commands/import/target.ts';
import { datasets } from '../../../src/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
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

  it('stores a file once, through the server or in process, and names the row that is refused', async () => {
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

it('a file that is not there: an error that says so', async () => {
  await expect(identifyContent(join(tmpdir(), 'no-such-file.csv'), 'llmCalls')).rejects.toThrow(
    /cannot be read \(ENOENT\)/,
  );
});

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inPackage, root } from '../../scripts/prepare/paths.mjs';
import { describeEachDatabase, testedDialects } from '../support/databases.ts';
import { startApp } from '../support/start-app.ts';
import { type Block, blocksOf } from './support/readme.ts';

const run = promisify(execFile);
const SHOWN_TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const SHOWN_KEY = /tlt_[0-9A-Za-z]{49}/g;

/** The text without the parts that differ from run to run. */
const withoutVariables = (text: string): string =>
  text
    .replace(SHOWN_KEY, 'KEY')
    .replace(SHOWN_TOKEN, 'TOKEN')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

/** JSON without remaining milliseconds, which have begun to run. */
const parsed = (text: string): unknown =>
  JSON.parse(
    withoutVariables(text)
      .replace(/("(?:reset|retry)AfterMs"): ?\d+/g, '$1:0')
      .replace(/in \d+ ms/g, 'in some ms'),
  );
/** The manifest of trusted documents that the page shows. */
const MANIFEST =
  /^ *\{\n *"sha256:.*\n *\}/m.exec(readFileSync(inPackage('docs/access.md'), 'utf8'))?.[0] ?? '';

describeEachDatabase('docs/access.md', (database) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-'));
    await writeFile(join(folder, 'manifest.json'), MANIFEST);
  });
  afterAll(() => rm(folder, { recursive: true }));

  // The commands behave the same on each database, and each one starts a process: keys.test.ts runs
  // them on all databases.
  const isFirst = database.dialect === testedDialects()[0];
  it.runIf(isFirst)('shows the true output of its commands and answers to its requests', async () => {
    const environment = { TRUSTED_DOCUMENTS: join(folder, 'manifest.json') };
    await using server = await startApp({ database, environment });
    let key = '';
    let token = '';
    async function runBlock({ text }: Block): Promise<string> {
      const script = text
        .replaceAll('http://127.0.0.1:4000/graphql', server.url)
        .replaceAll(/npm run (?:--silent )?keys --/g, 'node dist/main.js keys')
        .replace(SHOWN_KEY, key)
        .replace(SHOWN_TOKEN, token);
      const settings = { DATABASE_URL: server.databaseUrl, LOG_LEVEL: 'error', SQLITE_READERS: '1' };
      const env = { ...process.env, ...settings };
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env });
      key = stdout.match(SHOWN_KEY)?.[0] ?? key;
      token = stdout.match(SHOWN_TOKEN)?.[0] ?? token;
      return stdout;
    }

    const blocks = blocksOf('docs/access.md');
    expect(blocks.filter(({ kind }) => kind === 'sh').length).toBeGreaterThan(4);
    for (const [index, block] of blocks.entries()) {
      if (block.kind !== 'sh') continue;
      const printed = await runBlock(block);
      const next = blocks[index + 1];
      if (next?.kind === '')
        expect(withoutVariables(printed).trim()).toBe(withoutVariables(next.text).trim());
      if (next?.kind === 'json') expect(parsed(printed)).toEqual(parsed(next.text));
    }
    const { errors } = await server.execute('{ llmCalls { totalCount } }');
    expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});

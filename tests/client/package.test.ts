import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { run } from '../../scripts/prepare/run.mjs';
import { type IngestServer, startIngestServer } from './support/ingest-server.ts';
import { type Installed, installClient } from './support/installed.ts';

let installed: Installed;
let server: IngestServer;
beforeAll(async () => {
  [installed, server] = await Promise.all([installClient(), startIngestServer()]);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await installed?.[Symbol.asyncDispose]();
});

const { exports } = JSON.parse(readFileSync(inPackage('client', 'package.json'), 'utf8'));
const NAMES = Object.keys(exports)
  .filter((name) => name !== './package.json')
  .map((name) => `@telltale/client${name.slice(1)}`);

/** Sends one event, and prints what each entry exports. */
const USE = (names: string) => `
  const telltale = entries[0].createTelltale({ url: process.env.URL_OF_TEST, service: 'packed' });
  telltale.llmCall({ provider: 'openai', model: 'gpt-4o', latencyMs: 1 });
  telltale.withContext({ taskId: 'T-1' }, () => setTimeout(() => {
    telltale.llmCall({ provider: 'openai', model: 'gpt-4o', latencyMs: 1 });
    telltale.close().then((result) => console.log(JSON.stringify({ result, names: ${names} })));
  }, 1));`;
const ALL_NAMES =
  'entries.flatMap((entry) => Object.keys(entry)).filter((name) => name !== "__esModule").sort()';
const EXPORTED = [
  ...[
    'QueryError',
    'createQueries',
    'createTelltale',
    'observeAnthropic',
    'observeOpenAI',
    'telltaleExpress',
  ],
  ...[
    'telltaleExpressErrors',
    'telltaleFastify',
    'telltaleHono',
    'telltaleMiddleware',
    'telltaleOnRequestError',
  ],
  ...['useTelltale', 'withTelltale'],
];

describe('the tarball', () => {
  it('has what is needed, no sources, and no dependencies', () => {
    expect(installed.files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'dist/esm/node.js', 'dist/cjs/web.js']),
    );
    expect(
      installed.files.filter(
        (path) => !/^(dist\/(esm|cjs)\/.+\.(js|d\.ts|json)|README\.md|LICENSE|package\.json)$/.test(path),
      ),
    ).toEqual([]);
    expect(
      readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.')),
    ).toEqual(['@telltale']);
  });

  it.each([
    ['ESM', 'use.mjs', NAMES.map((name) => `await import('${name}')`)],
    ['CJS', 'use.cjs', NAMES.map((name) => `require('${name}')`)],
  ])('works as %s', async (_kind, file, imports) => {
    installed.write(file, `const entries = [${imports.join(', ')}];${USE(ALL_NAMES)}`);
    const before = server.calls.length;
    await using used = installed.start(file, { URL_OF_TEST: server.url });
    expect(await used.ended, used.stderr).toBe(0);
    expect(JSON.parse(used.stdout)).toEqual({
      result: { sent: 2, rejected: 0, dropped: 0, pending: 0 },
      names: EXPORTED,
    });
    expect(server.calls.slice(before).flatMap(({ all }) => all)).toMatchObject([
      { service: 'packed' },
      { service: 'packed', taskId: 'T-1' },
    ]);
  });

  it('has types that fit those of the schema, in both kinds of modules, with the types of the web or of Node', async () => {
    const text = `
      import { createTelltale, type EventOf, type FlushResult } from '@telltale/client';
      import { telltaleExpress } from '@telltale/client/express';
      import { createQueries, type TypedDocument } from '@telltale/client/query';
      ${NAMES.map((name, at) => `import * as entry${at} from '${name}';`).join('\n')}
      const telltale = createTelltale({ url: 'http://localhost:4000', fetch: (url, init) => fetch(url, init as RequestInit) });
      const call: EventOf<'llmCalls'> = { provider: 'openai', model: 'gpt-4o', latencyMs: 1, timestamp: new Date() };
      telltale.llmCall(call);
      telltale.record('ragMetrics', { hitRate: 0.5 });
      // @ts-expect-error a misspelt field
      telltale.llmCall({ provider: 'openai', model: 'gpt-4o', latencyMs: 1, promtTokens: 1 });
      // @ts-expect-error a dataset that is not there
      telltale.record('ragMetric', { hitRate: 0.5 });
      // @ts-expect-error a required field is missing
      telltale.error({ errorType: 'x' });
      try { telltale.error('a text'); } catch (thrown: unknown) { telltale.error(thrown, { severity: 'WARNING' }); }
      declare const document: TypedDocument<{ count: number }, { range: string }>;
      export const count: Promise<{ count: number }> = createQueries({ url: 'http://x' }).query(document, { range: 'P1D' });
      // @ts-expect-error variables are missing
      createQueries({ url: 'http://x' }).query(document);
      export const result: Promise<FlushResult> = telltale.close();
      export const middleware = telltaleExpress(telltale);
      export const all = [${NAMES.map((_, at) => `entry${at}`).join(', ')}];
    `;
    const files = ['consumer.mts', 'consumer.cts'].map((name) => installed.write(name, text));
    const compiler = inPackage('node_modules', 'typescript-7', 'bin', 'tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--module',
      'NodeNext',
      '--target',
      'ES2022',
      '--ignoreConfig',
    ];
    await run(process.execPath, [compiler, ...flags, '--types', '', '--lib', 'ES2022,DOM', ...files]);
    const typeRoots = ['--typeRoots', inPackage('node_modules', '@types')];
    await run(process.execPath, [
      compiler,
      ...flags,
      '--types',
      'node',
      ...typeRoots,
      '--lib',
      'ES2022',
      ...files,
    ]);
  });

  it('is bundled for browsers and Workers without anything from Node', async () => {
    const entry = installed.write(
      'page.mjs',
      NAMES.map((name, at) => `export * as entry${at} from '${name}';`).join('\n'),
    );
    for (const platform of ['browser', 'neutral'] as const) {
      const { metafile } = await build({
        ...{ platform, entryPoints: [entry], bundle: true, format: 'esm', logLevel: 'silent' },
        ...{ write: false, metafile: true },
      });
      const inputs = Object.keys(metafile.inputs).map((path) => path.slice(path.indexOf('dist/')));
      expect(inputs).toContain('dist/esm/platforms/web.js');
      expect(inputs.filter((path) => path.includes('node.js'))).toEqual([]);
    }
  });
});

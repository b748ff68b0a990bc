import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientCodegen } from '../../scripts/prepare/codegen.mjs';
import { readTrustedDocuments } from '../../src/server/trusted-documents.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('writes the manifest of a client project in the form that the server reads, and docs/access.md shows it', async () => {
  await writeFile(join(folder, 'calls.graphql'), 'query Calls {\n  llmCalls {\n    totalCount\n  }\n}\n');
  await clientCodegen(join(folder, '*.graphql'), join(folder, 'generated'));
  const manifest = join(folder, 'generated', 'persisted-documents.json');
  expect([...readTrustedDocuments(manifest).texts]).toEqual(['query Calls { llmCalls { totalCount } }']);
  const [line] = /"sha256:.*"/.exec(await readFile(manifest, 'utf8')) ?? [];
  expect(await readFile('docs/access.md', 'utf8')).toContain(line);
});

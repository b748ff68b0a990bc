import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const output = inPackage('tests', 'generated');

/** What a test passes to the function `graphql` as a template. */
const document = /\bgraphql\(\s*(?:\/\*[^*]*\*\/\s*)?`([^`]*)`/g;

/**
 * Types the documents of the tests, unless that was done for the same documents and the same
 * schema.
 *
 * @param {{ force?: boolean | undefined }} [options]
 * @throws {Error} when a document does not fit schema.graphql
 */
export async function codegen({ force = false } = {}) {
  const documents = testDocuments();
  if (documents.length === 0) {
    if (force) throw new Error('No test has a document graphql(`…`): nothing would be checked.');
    return;
  }
  const stamp = contentHash([inPackage('schema.graphql'), inPackage('codegen.ts')], documents);
  const isFresh = () => !force && existsSync(output) && readStamp('codegen') === stamp;
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress(`typing ${documents.length} documents of the tests`);
    await generateTypes({});
    writeStamp('codegen', stamp);
  });
}

/**
 * Types the documents of a client project, and writes their manifest, `persisted-documents.json`.
 *
 * @param {string} documents a glob
 * @param {string} output a folder
 * @throws {Error} when a document does not fit schema.graphql
 */
export function clientCodegen(documents, output) {
  return generateTypes({ CODEGEN_DOCUMENTS: resolve(documents), CODEGEN_OUTPUT: join(resolve(output), '/') });
}

/** @param {Record<string, string>} environment for codegen.ts */
async function generateTypes(environment) {
  const program = inPackage('node_modules', '@graphql-codegen', 'cli', 'esm', 'bin.js');
  const env = { CI: 'true', ...environment };
  await run(process.execPath, [program, '--config', inPackage('codegen.ts')], { env });
}

/** @returns {string[]} */
function testDocuments() {
  const files = filesBelow(inPackage('tests'), (path) => path !== output).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(document)].map((match) => match[1] ?? ''),
  );
}

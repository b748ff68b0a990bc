import { existsSync, readFileSync } from 'node:fs';
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
 * @param {{ force?: boolean }} [options]
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
    const program = inPackage('node_modules', '@graphql-codegen', 'cli', 'esm', 'bin.js');
    await run(process.execPath, [program, '--config', inPackage('codegen.ts')], { env: { CI: 'true' } });
    writeStamp('codegen', stamp);
  });
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

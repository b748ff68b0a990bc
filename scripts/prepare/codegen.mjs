import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const output = inPackage('tests', 'generated');
const outputOfClient = inPackage('client', 'src', 'generated');
/** What the types of the client's events depend on besides the schema. */
const sourcesOfClient = ['client/src/mutation.ts', 'scripts/prepare/event-fields.mjs'];

/** What a test passes to the function `graphql` as a template. */
const document = /\bgraphql\(\s*(?:\/\*[^*]*\*\/\s*)?`([^`]*)`/g;

/**
 * Types the documents of the tests and the events that the client sends, unless that was done for
 * the same documents and the same schema.
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
  const sources = ['schema.graphql', 'codegen.ts', ...sourcesOfClient].map((path) => inPackage(path));
  const stamp = contentHash(sources, documents);
  const isThere = () => existsSync(output) && existsSync(outputOfClient);
  const isFresh = () => !force && isThere() && readStamp('codegen') === stamp;
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress(`typing ${documents.length} documents of the tests, and the events of the client`);
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

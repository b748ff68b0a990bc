import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeEventFields } from './event-fields.mjs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const output = inPackage('tests', 'generated');
const outputOfWeb = inPackage('web', 'src', 'generated');
const outputOfClient = inPackage('client', 'src', 'generated', 'events.ts');
/** The mutation that provides the types of the client's events. */
const sourceOfClient = 'client/src/mutation.ts';

/** What a test or a page passes to the function `graphql` as a template. */
const document = /\bgraphql\(\s*(?:\/\*[^*]*\*\/\s*)?`([^`]*)`/g;

/**
 * Generates types for the documents of the tests and of the dashboard, and for the events that the
 * client sends, unless that was done for the same documents and the same schema.
 *
 * @param {{ force?: boolean | undefined }} [options]
 * @throws {Error} if a document does not fit schema.graphql
 */
export async function codegen({ force = false } = {}) {
  const documents = [...documentsBelow('tests', output), ...documentsBelow('web/src', outputOfWeb)];
  if (documents.length === 0) {
    if (force) throw new Error('No test has a document graphql(`…`): nothing would be checked.');
    return;
  }
  const sources = ['schema.graphql', 'codegen.ts', sourceOfClient].map((path) => inPackage(path));
  const stamp = contentHash(sources, documents);
  const isThere = () => [output, outputOfWeb, outputOfClient].every((path) => existsSync(path));
  const isFresh = () => !force && isThere() && readStamp('codegen') === stamp;
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress(
      `typing ${documents.length} documents of the tests and the dashboard, and the events of the client`,
    );
    await generateTypes({});
    await writeEventFields();
    writeStamp('codegen', stamp);
  });
}

/**
 * Generates types for the documents of a client project, and writes their manifest,
 * `persisted-documents.json`.
 *
 * @param {string} documents a glob
 * @param {string} output a folder
 * @throws {Error} if a document does not fit schema.graphql
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

/**
 * @param {string} folder
 * @param {string} generated what codegen writes there
 * @returns {string[]}
 */
function documentsBelow(folder, generated) {
  const files = filesBelow(inPackage(folder), (path) => path !== generated);
  return files
    .filter((file) => /[.]tsx?$/.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(document)].map((match) => match[1] ?? ''));
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { documentsBelow } from './documents.mjs';
import { writeEventFields } from './event-fields.mjs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, readStamp, writeStamp } from './stamp.mjs';

const output = 'tests/generated';
const outputOfWeb = 'web/src/generated';
const outputOfClient = 'client/src/generated/events.ts';
/** The mutation that provides the types of the client's events. */
const sourceOfClient = 'client/src/mutation.ts';

/**
 * Generates types for the documents of the tests and of the dashboard, and for the events that the
 * client sends, unless that was done for the same documents and the same schema.
 *
 * @param {{ force?: boolean | undefined }} [options]
 * @throws {Error} if a document does not fit schema.graphql
 */
export async function codegen({ force = false } = {}) {
  const documents = [...documentsBelow('tests', output), ...documentsBelow('web/src', outputOfWeb)].flatMap(
    (file) => file.documents,
  );
  if (documents.length === 0) {
    if (force) throw new Error('No test has a document graphql(`…`): nothing would be checked.');
    return;
  }
  const sources = ['schema.graphql', 'codegen.ts', sourceOfClient].map((path) => inPackage(path));
  const stamp = contentHash(sources, documents);
  const isThere = () => [output, outputOfWeb, outputOfClient].every((path) => existsSync(inPackage(path)));
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

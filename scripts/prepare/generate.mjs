import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { dialects, writeSchema } from './schemas.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const output = inPackage('src', 'generated');
const staging = inPackage('prisma', 'generated');

/** @returns {string[]} */
const modelFiles = () => filesBelow(inPackage('prisma', 'models')).filter((file) => file.endsWith('.prisma'));

/**
 * @param {import('./schemas.mjs').Dialect} dialect
 * @returns {string} the Prisma schema of the models for that database
 */
export const schemaFor = (dialect) =>
  writeSchema(
    dialect,
    modelFiles().map((file) => readFileSync(file, 'utf8')),
  );

/** @returns {string} changes whenever the generated code would */
export function generateStamp() {
  const versions = ['@prisma/client-generator-ts', '@prisma/client', '@pothos/plugin-prisma'].map((name) =>
    readFileSync(inPackage('node_modules', name, 'package.json'), 'utf8'),
  );
  return contentHash([], [...versions, ...dialects.map(schemaFor)]);
}

/**
 * Writes the two Prisma clients and Pothos' types into src/generated, unless they exist for the
 * same models.
 *
 * @param {{ force?: boolean }} [options]
 */
export async function generate({ force = false } = {}) {
  const isFresh = () => !force && existsSync(output) && readStamp('generate') === generateStamp();
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress('generating the database clients');
    const stamp = generateStamp();
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    await writeClients();
    rmSync(output, { recursive: true, force: true });
    mkdirSync(inPackage('src'), { recursive: true });
    renameSync(inPackage('prisma', 'generated', 'output'), output);
    writeStamp('generate', stamp);
  });
}

async function writeClients() {
  const schemas = dialects.map((dialect) => {
    const file = inPackage('prisma', 'generated', `${dialect}.prisma`);
    writeFileSync(file, schemaFor(dialect));
    return file;
  });
  await run(process.execPath, [inPackage('scripts', 'prepare', 'write-clients.mjs'), ...schemas]);
}

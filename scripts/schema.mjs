// `npm run schema:write` and `npm run schema:check`: keep schema.graphql equal to the schema of the
// code.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildServer } from './prepare/build.mjs';
import { inPackage } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';

await prepare('serving', buildServer);
const { printSchemaSDL } = await import(pathToFileURL(inPackage('dist', 'schema.js')).href);
const file = inPackage('schema.graphql');
const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
/** @type {string} */
const current = printSchemaSDL();

if (process.argv.includes('--write')) {
  writeFileSync(file, current);
} else if (written === current) {
  console.log(`schema.graphql is up to date: ${current.split('\n').length} lines`);
} else {
  console.error(`schema.graphql is out of date; run npm run schema:write.\n${firstDifference()}`);
  process.exitCode = 1;
}

function firstDifference() {
  const [left, right] = [written.split('\n'), current.split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line === -1 ? left.length : line;
  return `line ${at + 1}\n- ${left[at] ?? '(end)'}\n+ ${right[at] ?? '(end)'}`;
}

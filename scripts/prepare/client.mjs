import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { codegen } from './codegen.mjs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const dist = inPackage('client', 'dist');
const inputs = ['client/src', 'client/tsconfig.json', 'client/tsconfig.cjs.json', 'tsconfig.json'];

const stampNow = () => contentHash(inputs.flatMap((path) => filesBelow(inPackage(path))));

/**
 * Compiles the client to client/dist, as ES modules and as CommonJS, each with its types, unless
 * that was done for the same sources. A server needs none of it: only `npm pack` and the tests of
 * the package do.
 *
 * @throws {Error} if a type does not fit, including one of schema.graphql
 */
export async function buildClient() {
  await codegen();
  const isFresh = () => existsSync(dist) && readStamp('client') === stampNow();
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress('building the client');
    const stamp = stampNow();
    rmSync(dist, { recursive: true, force: true });
    const compiler = inPackage('node_modules', 'typescript-7', 'bin', 'tsc');
    await run(process.execPath, [compiler, '-p', inPackage('client', 'tsconfig.json')]);
    await run(process.execPath, [compiler, '-p', inPackage('client', 'tsconfig.cjs.json')]);
    // The package itself says that its files are ES modules.
    writeFileSync(inPackage('client', 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
    writeStamp('client', stamp);
  });
}

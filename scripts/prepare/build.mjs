import { existsSync, rmSync } from 'node:fs';
import { generateStamp } from './generate.mjs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

const dist = inPackage('dist');

function buildStamp() {
  const generated = inPackage('src', 'generated');
  const sources = filesBelow(inPackage('src'), (path) => path !== generated);
  const configuration = ['tsconfig.json', 'tsconfig.build.json', 'scripts/prepare/build.mjs'].map((file) =>
    inPackage(file),
  );
  return contentHash([...sources, ...configuration], [generateStamp()]);
}

/**
 * Compiles src to dist, unless dist is from the same sources. Types are not checked here, which makes a first start
 * several times faster; `npm run typecheck` does that.
 */
export async function build() {
  const isFresh = () => existsSync(dist) && readStamp('build') === buildStamp();
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress('building');
    const stamp = buildStamp();
    // Without dist the compiler's own record of what it wrote is wrong.
    if (!existsSync(dist)) rmSync(inPackage('.cache', 'build.tsbuildinfo'), { force: true });
    const compiler = inPackage('node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [compiler, '-p', inPackage('tsconfig.build.json'), '--noCheck']);
    removeOrphans();
    writeStamp('build', stamp);
  });
}

/** A file whose source is gone must not be found by an import that should fail. */
function removeOrphans() {
  for (const file of filesBelow(dist)) {
    const source = file.replace(dist, inPackage('src')).replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source)) rmSync(file);
  }
}

import { existsSync } from 'node:fs';
import { exclusively } from './lock.mjs';
import { inPackage } from './paths.mjs';
import { progress, run } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';

/** Where the files of the dashboard are, for the server. */
export const webOutput = inPackage('dist', 'web');

/** Types only, which the build does not read. */
const generated = inPackage('web', 'src', 'generated');

function webStamp() {
  const sources = filesBelow(inPackage('web'), (path) => path !== generated);
  return contentHash([
    ...sources,
    inPackage('schema.graphql'),
    inPackage('package-lock.json'),
    inPackage('scripts', 'prepare', 'web.mjs'),
  ]);
}

/**
 * Builds the dashboard, unless dist/web is from the same sources. Does not check types;
 * `npm run typecheck` does. It runs in a separate process, because Vite's memory and threads would
 * stay in the server that starts next.
 */
export async function buildWeb() {
  const isFresh = () => existsSync(webOutput) && readStamp('web') === webStamp();
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress('building the dashboard');
    const stamp = webStamp();
    // An interrupted build leaves a mixture of files.
    writeStamp('web', '');
    const vite = inPackage('node_modules', 'vite', 'bin', 'vite.js');
    await run(process.execPath, [vite, 'build', '--logLevel', 'warn', inPackage('web')]);
    writeStamp('web', stamp);
  });
}

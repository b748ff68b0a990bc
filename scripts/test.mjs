// `npm test`: prepares the package, then becomes Vitest. Uses only Node's own modules, because it
// runs before anything is installed.
import { pathToFileURL } from 'node:url';
import { inPackage, root } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';

await prepare('all');

process.chdir(root);
const vitest = inPackage('node_modules', 'vitest', 'vitest.mjs');
process.argv = [process.execPath, vitest, 'run', ...process.argv.slice(2)];
await import(pathToFileURL(vitest).href);

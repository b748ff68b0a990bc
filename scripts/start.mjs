// `npm start`, `npm run demo`, `npm run import`, `npm run collect`: prepares the package, then
// becomes the command. Uses only Node's own modules, because it runs before anything is installed.
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { dropEchoedSignals } from './npm-signals.mjs';
import { inPackage } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';

await prepare('serving');

// Node 22 and later cache compiled code between starts.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') {
  module.enableCompileCache(inPackage('.cache', 'compile'));
}

if (process.env.npm_lifecycle_event !== undefined) dropEchoedSignals();

// Runs in this process, so that the command receives signals and sets the exit code.
const main = inPackage('dist', 'main.js');
const args = process.argv.slice(2);
process.argv = [process.execPath, main, ...(args.length === 0 ? ['serve'] : args)];
await import(pathToFileURL(main).href);

// `npm run bench:ingest`, `npm run bench:analytics`, `npm run bench:alerts`: prepares the package, installs the benchmarks' peers, which nothing
// else needs, and runs the benchmark.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inPackage, root } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';
import { npm, progress } from './prepare/run.mjs';

const [name, ...args] = process.argv.slice(2);
const main = inPackage('bench', `${name}.ts`);
if (!existsSync(main)) throw new Error(`There is no benchmark ${name}.`);

await prepare();
if (!existsSync(inPackage('bench', 'node_modules'))) {
  progress("installing the benchmarks' peers");
  await npm([
    'install',
    '--prefix',
    inPackage('bench'),
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
}

const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

// `npm run bench:ingest`, `bench:analytics`, `bench:lists`, `bench:alerts`, `bench:http`,
// `bench:limits`, `bench:fanout`, `bench:access`, `bench:start`: prepares the package, installs the
// benchmarks' peers, which nothing else needs, and runs the benchmark.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { npmInstall } from './prepare/npm-install.mjs';
import { inPackage, root } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';

const [name, ...args] = process.argv.slice(2);
const main = inPackage('bench', `${name}.ts`);
if (!existsSync(main)) throw new Error(`There is no benchmark ${name}.`);

await prepare('all');
const { dependencies } = JSON.parse(readFileSync(inPackage('bench', 'package.json'), 'utf8'));
if (!Object.keys(dependencies).every((peer) => existsSync(inPackage('bench', 'node_modules', peer)))) {
  await npmInstall("installing the benchmarks' peers", [
    'install',
    '--prefix',
    inPackage('bench'),
    '--no-package-lock',
  ]);
}

const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { cwd: root, stdio: 'inherit' });
// The benchmark ends the processes that it started, and this process waits for it. Ctrl-C reaches
// both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});

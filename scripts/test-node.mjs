// `npm run test:node -- 24 [--here] [--if-available] [arguments of Vitest]`: the tests under
// another version of Node, from its npm package.
//
// Native modules are compiled for one version of Node, so the tests run in a copy below .cache with
// its own packages; its first run takes minutes. `--here` runs in place, for tests that load no
// native module: CI's short form.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmInstall } from './prepare/npm-install.mjs';
import { inPackage, root } from './prepare/paths.mjs';
import { progress, run } from './prepare/run.mjs';

const [version = '', ...rest] = process.argv.slice(2);
if (!/^\d+$/.test(version)) {
  process.stderr.write(
    `Name the major version of Node first, such as npm run test:node -- 24, not "${version}".\n`,
  );
  process.exit(2);
}
const flags = new Set(['--here', '--if-available']);
const given = new Set(rest.filter((argument) => flags.has(argument)));
const vitestArguments = rest.filter((argument) => !flags.has(argument));

const folder = inPackage('.cache', `node-${version}`);
const system = process.platform === 'win32' ? 'win' : process.platform;
const nodePackage = `node-${system}-${process.arch}`;
const nodeFolder = join(folder, 'node_modules', nodePackage);
const node = join(nodeFolder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

try {
  await fetchNode();
} catch (error) {
  const cause = error instanceof Error ? error.message : String(error);
  const cannotBeHad = /\b(?:E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)\b/.test(cause);
  if (!given.has('--if-available') || !cannotBeHad) throw error;
  process.stdout.write(`Skipped: ${nodePackage}@${version} cannot be had from the registry.\n`);
  process.exit(0);
}
progress(`testing with Node ${(await run(node, ['--version'])).trim()}`);
process.exitCode = await (given.has('--here') ? testHere() : testCopy());

async function fetchNode() {
  if (existsSync(node)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const wanted = `${nodePackage}@${version}`;
  await npmInstall(`fetching ${wanted}`, ['install', '--prefix', folder, wanted]);
}

function testHere() {
  return start(root, [inPackage('node_modules', 'vitest', 'vitest.mjs'), 'run', ...vitestArguments]);
}

/**
 * Copies the files of the working tree to a separate folder, where `npm test` installs, generates
 * and builds.
 */
async function testCopy() {
  const copy = join(folder, 'project');
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(copy)) {
    if (name !== 'node_modules') rmSync(join(copy, name), { recursive: true });
  }
  const files = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const file of files.split('\0')) {
    if (file !== '' && existsSync(inPackage(file))) cpSync(inPackage(file), join(copy, file));
  }
  return start(copy, ['scripts/test.mjs', ...vitestArguments]);
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function start(cwd, args) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${separator}${process.env.PATH}`,
    // The package includes the headers that native modules are compiled against.
    npm_config_nodedir: nodeFolder,
  };
  const child = spawn(node, args, { cwd, env, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code ?? 1;
}

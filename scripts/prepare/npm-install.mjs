import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { progress, run } from './run.mjs';

const reportEveryMs = 5_000;

/**
 * The lines that npm logs for each package it fetched or took from its cache, and for each page of
 * the registry.
 */
const requests = /^npm http (?:fetch|cache) .*\n?/gm;
const packages = /^npm http (?:fetch|cache) .*\.tgz\b/gm;

/**
 * Runs npm's `install` or `ci` and reports the progress every few seconds.
 *
 * @param {string} what
 * @param {readonly string[]} args
 * @param {number} [expected] how many packages to fetch, if known
 * @throws {Error} with npm's output if it fails
 */
export async function npmInstall(what, args, expected) {
  let reported = 0;
  const describe = (/** @type {string} */ log) => {
    const count = log.match(packages)?.length ?? 0;
    const isFetched = count > 0 && count === reported;
    reported = count;
    return `${count} fetched${isFetched ? ', unpacking' : ''}, `;
  };
  progress(`${what}${expected === undefined ? '' : ` (${expected}, once)`}`);
  await npm(what, [...args, '--no-audit', '--no-fund', '--loglevel=http'], { describe });
}

/**
 * Runs the scripts of a package that was installed without them: they fetch or compile its native
 * module.
 *
 * @param {string} name
 * @param {string} what
 * @param {readonly string[]} [args]
 * @throws {Error} with the output of npm and the compiler if it fails
 */
export async function npmRebuild(name, what, args = []) {
  progress(`${what} (once)`);
  // Compiles its files in parallel. SQLite's own build uses -O2; -O3, better-sqlite3's default,
  // takes a quarter longer and is no faster.
  const { JOBS = 'max', CFLAGS = '-O2' } = process.env;
  await npm(what, ['rebuild', name, ...args], { env: { JOBS, CFLAGS, ...headers() } });
}

/**
 * Most installations of Node include the headers for compiling modules; otherwise the compiler
 * would fetch them from nodejs.org.
 */
function headers() {
  const folder = dirname(dirname(process.execPath));
  return existsSync(join(folder, 'include', 'node', 'node.h')) ? { npm_config_nodedir: folder } : {};
}

/**
 * Runs npm: the one that runs this script, if any.
 *
 * @param {string} what
 * @param {readonly string[]} args
 * @param {{ describe?: (log: string) => string; env?: Record<string, string | undefined> }} options
 *   describe: derives the progress from the output
 */
async function npm(what, args, { describe = () => '', env = {} }) {
  const started = Date.now();
  let log = '';
  const report = () => progress(`${what}: ${describe(log)}${Math.round((Date.now() - started) / 1000)} s`);
  const timer = setInterval(report, reportEveryMs);
  const options = { env, onOutput: (/** @type {string} */ text) => (log += text) };
  const path = process.env.npm_execpath;
  try {
    if (path?.endsWith('.js')) await run(process.execPath, [path, ...args], options);
    else await run('npm', args, { ...options, shell: process.platform === 'win32' });
  } catch (error) {
    throw new Error(log.replace(requests, '') || `${what} failed`, { cause: error });
  } finally {
    clearInterval(timer);
  }
}

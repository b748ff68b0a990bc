import { progress, run } from './run.mjs';

const reportEveryMs = 5_000;

/** What npm says of every package that it has fetched or taken from its cache, and of every page of the registry. */
const requests = /^npm http (?:fetch|cache) .*\n?/gm;
const packages = /^npm http (?:fetch|cache) .*\.tgz\b/gm;

/**
 * Runs npm's `install` or `ci`, by the npm that runs this script if there is one, and says every few seconds how far it is.
 *
 * @param {string} what
 * @param {readonly string[]} args
 * @param {number} [expected] how many packages there are to fetch, where that is known
 * @throws {Error} with what npm says when it fails
 */
export async function npmInstall(what, args, expected) {
  const started = Date.now();
  let log = '';
  let reported = 0;
  const report = () => {
    const count = log.match(packages)?.length ?? 0;
    const how = `${count} fetched${count > 0 && count === reported ? ', unpacking and compiling' : ''}`;
    reported = count;
    progress(`${what}: ${how}, ${Math.round((Date.now() - started) / 1000)} s`);
  };
  progress(`${what}${expected === undefined ? '' : ` (${expected}, once)`}`);
  const timer = setInterval(report, reportEveryMs);
  try {
    await npm([...args, '--no-audit', '--no-fund', '--loglevel=http'], (text) => (log += text));
  } catch (error) {
    throw new Error(log.replace(requests, '') || `${what} failed`, { cause: error });
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {readonly string[]} args
 * @param {(text: string) => void} onOutput
 */
async function npm(args, onOutput) {
  const path = process.env.npm_execpath;
  if (path?.endsWith('.js')) await run(process.execPath, [path, ...args], { onOutput });
  else await run('npm', args, { onOutput, shell: process.platform === 'win32' });
}

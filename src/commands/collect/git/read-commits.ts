import { splitBytes } from '../../split-bytes.ts';
import { type Commit, LOG_FORMAT, parseLog } from './parse-log.ts';
import { type Git, GitFailed } from './run-git.ts';

/**
 * Every option that a setting could decide otherwise is said: the numbers of a commit are the same
 * for everybody.
 */
const LOG = [
  'log',
  '--stdin',
  '--no-walk=unsorted',
  '-z',
  '--numstat',
  '-M',
  '-l1000',
  '-O/dev/null',
  '--diff-algorithm=myers',
  '--no-relative',
  '--ignore-submodules=none',
  '--submodule=short',
  '--no-notes',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--encoding=UTF-8',
  `--format=${LOG_FORMAT}`,
];

/** Reads the commits of these hashes, in their order, as git finds what each changed. */
export async function* readCommits(git: Git, hashes: readonly string[]): AsyncGenerator<Commit> {
  const drivers = await listBinaryDrivers(git);
  const settings = drivers.map((name) => `${name}=auto`);
  yield* parseLog(splitAtNul(git.stream(LOG, `${hashes.join('\n')}\n`, settings)));
}

/**
 * The settings that have files of some kind count as binary, whatever they hold:
 * `diff.<driver>.binary`.
 */
async function listBinaryDrivers(git: Git): Promise<readonly string[]> {
  try {
    const names = await git.text([
      'config',
      '--name-only',
      '-z',
      '--get-regexp',
      String.raw`^diff\..*\.binary$`,
    ]);
    return [...new Set(names.split('\0').filter((name) => name !== ''))];
  } catch (error) {
    // There are none.
    if (error instanceof GitFailed && error.exitCode === 1) return [];
    throw error;
  }
}

/**
 * The texts between NULs. Bytes that are no UTF-8 become U+FFFD: old commits may say nothing of
 * their encoding.
 */
export async function* splitAtNul(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const bytes of splitBytes(chunks, 0)) yield bytes.toString();
}
